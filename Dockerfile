# Weir's images: docker build --target master|cache|cli .

FROM eclipse-temurin:25-jdk AS build
RUN command -v mvn >/dev/null \
 || { apt-get update && apt-get install -y --no-install-recommends maven && rm -rf /var/lib/apt/lists/*; }
WORKDIR /src
COPY . .
# The profile left out brings the database binaries that tests run on.
RUN --mount=type=cache,target=/root/.m2 \
    mvn -B -q -Dquick -Dmaven.test.skip=true -P '!mariadb-linux' -pl master-service,cache-service,client-cli -am package
# Dependencies in a layer of their own: a change of Weir's code replaces less than a megabyte, and the AOT cache.
RUN java -Djarmode=tools -jar master-service/target/weir-master.jar extract --layers --destination /out/master \
 && java -Djarmode=tools -jar cache-service/target/weir-cache.jar extract --layers --destination /out/cache \
 && mkdir -p /out/cli/dependencies /out/cli/application/lib \
 && cp client-cli/target/weir-cli.jar /out/cli/application \
 && cp -r client-cli/target/lib /out/cli/dependencies \
 && mv /out/cli/dependencies/lib/weir-*.jar /out/cli/application/lib \
 && for image in master cache cli; do cp docker/$image.options /out/$image/application/jvm.options; done
# Native libraries as files: from a jar they would be unpacked into /tmp at each start, where nothing may be executed.
# RocksDB's jar holds those of fourteen platforms; it goes without.
RUN set -eu; case $(uname -m) in x86_64) rocksdb=linux64;; *) rocksdb=linux-$(uname -m);; esac; \
    mkdir -p /out/cache/dependencies/native /out/cli/dependencies/native /tmp/rocksdb /tmp/netty; \
    cd /tmp/rocksdb; jar --extract --file /out/cache/dependencies/lib/rocksdbjni-*.jar; \
    mv librocksdbjni-$rocksdb.so /out/cache/dependencies/native; rm librocksdbjni-*; \
    jar --create --no-manifest --file /out/cache/dependencies/lib/rocksdbjni-*.jar .; \
    cd /tmp/netty; for image in cache cli; do \
      for jar in /out/$image/dependencies/lib/netty-transport-native-epoll-*.jar; do jar --extract --file "$jar"; done; \
      mv META-INF/native/*.so /out/$image/dependencies/native; \
    done; rm -r /tmp/rocksdb /tmp/netty

FROM eclipse-temurin:25-jre AS runtime
ARG VERSION=dev
ARG REVISION=unknown
LABEL org.opencontainers.image.version=$VERSION \
      org.opencontainers.image.revision=$REVISION \
      org.opencontainers.image.vendor=Weir
RUN install -d -m 0700 -o 10001 -g 10001 /var/lib/weir && install -d -o 10001 -g 10001 /reports
# A number, since Kubernetes cannot tell from a name that it is not root.
USER 10001:10001

FROM runtime AS service
# A file of this name is the value of the property that it is called by: how a secret reaches a service without being in its
# environment.
ENV SPRING_CONFIG_IMPORT=optional:configtree:/run/secrets/weir/properties/
ENV WEIR_DATADIR=/var/lib/weir
COPY --from=build /src/service-web/target/classes/io/weir/web/probe/ /opt/weir/probe/io/weir/web/probe/
# One processor, so that it takes no collector but the smallest.
HEALTHCHECK --interval=15s --timeout=10s --start-period=3m --start-interval=3s --retries=4 \
  CMD ["java", "-Xint", "-Xmx16m", "-XX:ActiveProcessorCount=1", "-XX:-UsePerfData", "-cp", "/opt/weir/probe", "io.weir.web.probe.HealthProbe"]

FROM service AS master-files
WORKDIR /opt/weir/master
COPY --from=build /out/master/dependencies/ /out/master/snapshot-dependencies/ ./
COPY --from=build /out/master/application/ ./

FROM service AS cache-files
WORKDIR /opt/weir/cache
COPY --from=build /out/cache/dependencies/ /out/cache/snapshot-dependencies/ ./
COPY --from=build /out/cache/application/ ./

FROM runtime AS cli
WORKDIR /opt/weir/cli
COPY --from=build /out/cli/dependencies/ ./
COPY --from=build /out/cli/application/ ./
LABEL org.opencontainers.image.title="Weir command line" \
      org.opencontainers.image.description="Reads, writes, loads and operates a Weir cluster"
ENTRYPOINT ["java", "@/opt/weir/cli/jvm.options", "-jar", "/opt/weir/cli/weir-cli.jar"]

# An AOT cache is good for one JVM and for jars of one age: it is recorded in the image's own JVM, on the image's own files.
FROM service AS training
USER root
COPY --from=master-files /opt/weir/master/ /opt/weir/master/
COPY --from=cache-files /opt/weir/cache/ /opt/weir/cache/
COPY --from=cli /opt/weir/cli/ /opt/weir/cli/
COPY docker/train.sh /
RUN ["/train.sh"]

FROM master-files AS master
ENV SERVER_PORT=7400
EXPOSE 7400
COPY --from=training /opt/weir/master.aot /opt/weir/
LABEL org.opencontainers.image.title="Weir master" \
      org.opencontainers.image.description="Keeps the list of a Weir cluster's cache servers, and of the slots of each"
ENTRYPOINT ["java", "@/opt/weir/master/jvm.options", "-XX:AOTCache=/opt/weir/master.aot", "-jar", "/opt/weir/master/weir-master.jar"]

FROM cache-files AS cache
ENV SERVER_PORT=7401
# HTTP, the journal of the shard's group, and the fast port for who switches it on (weir.fast.enabled).
EXPOSE 7401 8401 9401
COPY --from=training /opt/weir/cache.aot /opt/weir/
LABEL org.opencontainers.image.title="Weir cache server" \
      org.opencontainers.image.description="An inline write-back cache in front of one shard's MySQL"
ENTRYPOINT ["java", "@/opt/weir/cache/jvm.options", "-XX:AOTCache=/opt/weir/cache.aot", "-jar", "/opt/weir/cache/weir-cache.jar"]
