# Weir's images: docker build --target master|cache|cli .

FROM eclipse-temurin:25-jdk AS build
RUN command -v mvn >/dev/null \
 || { apt-get update && apt-get install -y --no-install-recommends maven && rm -rf /var/lib/apt/lists/*; }
WORKDIR /src
COPY . .
# The profile left out brings the database binaries that tests run on.
RUN --mount=type=cache,target=/root/.m2 \
    mvn -B -q -Dquick -Dmaven.test.skip=true -P '!mariadb-linux' -pl master-service,cache-service,client-cli -am package
# Dependencies in a layer of their own: a change of Weir's code replaces some hundred kilobytes.
RUN java -Djarmode=tools -jar master-service/target/weir-master.jar extract --layers --destination /out/master \
 && java -Djarmode=tools -jar cache-service/target/weir-cache.jar extract --layers --destination /out/cache

FROM eclipse-temurin:25-jre AS runtime
RUN install -d -o 10001 -g 10001 /var/lib/weir
WORKDIR /opt/weir
# A number, since Kubernetes cannot tell from a name that it is not root.
USER 10001:10001

FROM runtime AS service
ENV WEIR_DATADIR=/var/lib/weir
# By bash, since the base image has neither curl nor wget.
HEALTHCHECK --interval=5s --timeout=3s --start-period=2m --start-interval=1s --retries=3 \
  CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/$SERVER_PORT && printf 'GET /actuator/health/readiness HTTP/1.0\\r\\n\\r\\n' >&3 && read -r _ status _ <&3 && [ $status = 200 ]"]

FROM service AS master
ENV SERVER_PORT=7400
EXPOSE 7400
COPY --from=build /out/master/dependencies/ /out/master/snapshot-dependencies/ ./
COPY --from=build /out/master/application/ ./
ENTRYPOINT ["java", "-XX:MaxRAMPercentage=60", "-XX:+ExitOnOutOfMemoryError", "-jar", "weir-master.jar"]

FROM service AS cache
ENV SERVER_PORT=7401
# HTTP, and the journal of the shard's group.
EXPOSE 7401 8401
COPY --from=build /out/cache/dependencies/ /out/cache/snapshot-dependencies/ ./
COPY --from=build /out/cache/application/ ./
# Of the container's memory, the heap holds weir.cache.max-bytes and about 100 MiB besides; the rest is the journal's and the VM's own.
ENTRYPOINT ["java", "-XX:MaxRAMPercentage=60", "-XX:+ExitOnOutOfMemoryError", "--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow", "-jar", "weir-cache.jar"]

FROM runtime AS cli
COPY --from=build /src/client-cli/target/lib/ ./lib/
COPY --from=build /src/client-cli/target/weir-cli.jar ./
ENTRYPOINT ["java", "-XX:MaxRAMPercentage=60", "-XX:+UseSerialGC", "--sun-misc-unsafe-memory-access=allow", "-jar", "weir-cli.jar"]
