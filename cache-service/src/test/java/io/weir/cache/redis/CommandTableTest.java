package io.weir.cache.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/**
 * What each command replies, in conversations: those that Redis's documentation shows, and those
 * that suites for the compatibility of servers try.
 */
class CommandTableTest {

  private static final String WRONG_NUMBER = "ERR value is not an integer or out of range";
  private static final String SYNTAX = "ERR syntax error";
  private static final String NO_FLOAT = "ERR value is not a valid float";

  static final List<Conversation> CONVERSATIONS = conversations();

  /** Commands and what they reply, in turn. */
  record Conversation(String name, List<String> lines) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static final class Book {
    private final List<Conversation> all = new ArrayList<>();

    void add(String name, String... lines) {
      all.add(new Conversation(name, List.of(lines)));
    }
  }

  @ParameterizedTest
  @FieldSource("CONVERSATIONS")
  void isRepliedTo(Conversation conversation) {
    KeyFixture keys = new KeyFixture();
    List<String> lines = conversation.lines();
    for (int i = 0; i < lines.size(); i += 2) {
      assertThat(keys.call(lines.get(i))).as(lines.get(i)).isEqualTo(lines.get(i + 1));
    }
  }

  private static List<Conversation> conversations() {
    Book book = new Book();
    set(book);
    otherPuts(book);
    reads(book);
    deletes(book);
    changes(book);
    counts(book);
    expiry(book);
    bits(book);
    keySpace(book);
    service(book);
    return book.all;
  }

  private static void set(Book book) {
    book.add("set", "SET k v", "OK", "GET k", "\"v\"", "SET k w", "OK", "GET k", "\"w\"");
    book.add("set empty", "SET k ''", "OK", "GET k", "\"\"", "STRLEN k", "0", "EXISTS k", "1");
    book.add("set ex", "SET k v EX 10", "OK", "TTL k", "10", "SET k v", "OK", "TTL k", "-1");
    book.add("set px", "SET k v px 1500", "OK", "PTTL k", "1500", "TTL k", "2");
    book.add("set exat", "SET k v EXAT 9999999999", "OK", "EXPIRETIME k", "9999999999");
    book.add("set pxat", "SET k v PXAT 9999999999999", "OK", "PEXPIRETIME k", "9999999999999");
    book.add("set in the past", "SET k v", "OK", "SET k w EXAT 1", "OK", "GET k", "nil");
    book.add("set in the past, none", "SET k v PXAT 1", "OK", "EXISTS k", "0");
    book.add("set in the past, xx", "SET k v", "OK", "SET k w XX PXAT 1", "OK", "EXISTS k", "0");
    book.add("set nx", "SET k v NX", "OK", "SET k w nx", "nil", "GET k", "\"v\"");
    book.add("set xx", "SET k v XX", "nil", "SET k v", "OK", "SET k w XX", "OK", "GET k", "\"w\"");
    book.add("set get", "SET k v GET", "nil", "SET k w GET", "\"v\"", "GET k", "\"w\"");
    book.add("set nx get", "SET k v NX GET", "nil", "SET k w NX GET", "\"v\"", "GET k", "\"v\"");
    book.add("set xx get", "SET k v XX GET", "nil", "EXISTS k", "0");
    book.add("set get twice", "SET k v", "OK", "SET k w GET GET", "\"v\"");
    book.add("set keepttl", "SET k v EX 9", "OK", "SET k w KEEPTTL", "OK", "TTL k", "9");
    book.add("set keepttl, none", "SET k v keepttl", "OK", "TTL k", "-1");
    book.add("set keepttl get", "SET k v EX 9", "OK", "SET k w GET KEEPTTL", "\"v\"", "TTL k", "9");
    book.add("set ex xx", "SET k v", "OK", "SET k w EX 9 XX", "OK", "TTL k", "9");
    book.add("set nx xx", "SET k v NX XX", SYNTAX, "SET k v XX NX", SYNTAX, "GET k", "nil");
    book.add("set two times", "SET k v EX 1 PX 1", SYNTAX, "SET k v EXAT 1 PXAT 1", SYNTAX);
    book.add("set the same time twice", "SET k v EX 1 EX 2", "OK", "TTL k", "2");
    book.add("set keepttl ex", "SET k v KEEPTTL EX 1", SYNTAX, "SET k v EX 1 KEEPTTL", SYNTAX);
    book.add("set without a number", "SET k v EX", SYNTAX, "SET k v PXAT", SYNTAX);
    book.add("set with others", "SET k v PERSIST", SYNTAX, "SET k v foo", SYNTAX);
    String time = "ERR invalid expire time in 'set' command";
    book.add("set at 0", "SET k v EX 0", time, "SET k v PX -1", time, "SET k v EXAT 0", time);
    book.add("set far", "SET k v EX 9223372036854775807", time);
    book.add("set too far", "SET k v PX 9223372036854775807", time);
    book.add("set never", "SET k v PXAT 9223372036854775807", "OK", "TTL k", "9223370143398776");
    book.add("set no number", "SET k v EX 1.5", WRONG_NUMBER, "SET k v EX x", WRONG_NUMBER);
    book.add("set nothing", "SET k", "ERR wrong number of arguments for 'set' command");
  }

  private static void otherPuts(Book book) {
    book.add("setnx", "SETNX k v", "1", "SETNX k w", "0", "GET k", "\"v\"");
    book.add("setex", "SETEX k 10 v", "OK", "TTL k", "10", "GET k", "\"v\"");
    String setex = "ERR invalid expire time in 'setex' command";
    book.add("setex 0", "SETEX k 0 v", setex, "SETEX k -10 v", setex, "SETEX k x v", WRONG_NUMBER);
    book.add("psetex", "PSETEX k 1000 v", "OK", "PTTL k", "1000");
    book.add("psetex 0", "PSETEX k 0 v", "ERR invalid expire time in 'psetex' command");
    book.add("getset", "GETSET k v", "nil", "GETSET k w", "\"v\"", "GET k", "\"w\"");
    book.add("getset and ttl", "SET k v EX 9", "OK", "GETSET k w", "\"v\"", "TTL k", "-1");
    book.add("mset", "MSET a 1 b 2", "OK", "GET a", "\"1\"", "GET b", "\"2\"");
    book.add("mset one", "MSET a 1", "OK", "GET a", "\"1\"");
    book.add("mset twice", "MSET a 1 a 2", "OK", "GET a", "\"2\"");
    book.add("mset and ttl", "SET a v EX 9", "OK", "MSET a 1 b 2", "OK", "TTL a", "-1");
    book.add("mset odd", "MSET a 1 b", "ERR wrong number of arguments for 'mset' command");
    book.add(
        "msetnx",
        "MSETNX a 1 b 2",
        "1",
        "MSETNX b 3 c 4",
        "0",
        "MGET a b c",
        "[\"1\", \"2\", nil]");
    book.add("msetnx twice", "MSETNX a 1 a 2", "1", "GET a", "\"2\"");
    book.add("msetnx odd", "MSETNX a 1 b", "ERR wrong number of arguments for 'msetnx' command");
  }

  private static void reads(Book book) {
    book.add("get", "GET k", "nil", "GET", "ERR wrong number of arguments for 'get' command");
    book.add(
        "mget", "SET a 1", "OK", "SET b 2", "OK", "MGET a none b a", "[\"1\", nil, \"2\", \"1\"]");
    book.add(
        "exists", "SET a 1", "OK", "EXISTS a", "1", "EXISTS none", "0", "EXISTS a none a", "2");
    book.add("touch", "SET a 1", "OK", "TOUCH a none", "1", "TOUCH none", "0");
    book.add("strlen", "SET k Hello_world", "OK", "STRLEN k", "11", "STRLEN none", "0");
    book.add(
        "getrange",
        "SET k This_is_a_string",
        "OK",
        "GETRANGE k 0 3",
        "\"This\"",
        "GETRANGE k -3 -1",
        "\"ing\"",
        "GETRANGE k 0 -1",
        "\"This is a string\"",
        "GETRANGE k 10 100",
        "\"string\"",
        "SUBSTR k 0 3",
        "\"This\"");
    book.add(
        "getrange, none",
        "GETRANGE none 0 -1",
        "\"\"",
        "SET k abc",
        "OK",
        "GETRANGE k 3 9",
        "\"\"",
        "GETRANGE k -1 -2",
        "\"\"",
        "GETRANGE k 0 -9",
        "\"a\"",
        "GETRANGE k x 1",
        WRONG_NUMBER);
    book.add("type", "SET k v", "OK", "TYPE k", "string", "TYPE none", "none");
  }

  private static void deletes(Book book) {
    book.add("del", "SET a 1", "OK", "SET b 2", "OK", "DEL a b c", "2", "EXISTS a b", "0");
    book.add("del twice", "SET a 1", "OK", "DEL a a", "1", "DEL a", "0");
    book.add("unlink", "SET a 1", "OK", "UNLINK a none", "1", "GET a", "nil");
    book.add("getdel", "SET k v", "OK", "GETDEL k", "\"v\"", "GETDEL k", "nil");
  }

  private static void changes(Book book) {
    book.add("append", "APPEND k Hello", "5", "APPEND k _World", "11", "GET k", "\"Hello World\"");
    book.add("append nothing", "APPEND k ''", "0", "EXISTS k", "1", "APPEND k ''", "0");
    book.add("append and ttl", "SET k v EX 9", "OK", "APPEND k w", "2", "TTL k", "9");
    book.add(
        "setrange",
        "SET k Hello_World",
        "OK",
        "SETRANGE k 6 Redis",
        "11",
        "GET k",
        "\"Hello Redis\"");
    book.add("setrange, none", "SETRANGE k 2 ab", "4", "GET k", "\"\0\0ab\"");
    book.add("setrange beyond", "SET k ab", "OK", "SETRANGE k 3 c", "4", "GET k", "\"ab\0c\"");
    book.add(
        "setrange nothing",
        "SETRANGE k 9 ''",
        "0",
        "EXISTS k",
        "0",
        "SET k abc",
        "OK",
        "SETRANGE k 9 ''",
        "3");
    book.add("setrange below", "SETRANGE k -1 a", "ERR offset is out of range");
    book.add("setrange no number", "SETRANGE k x a", WRONG_NUMBER);
    book.add("setrange and ttl", "SET k v EX 9", "OK", "SETRANGE k 0 w", "1", "TTL k", "9");
    String tooLong = "ERR string exceeds maximum allowed size (weir.max-value-size)";
    String most = "x".repeat(KeyFixture.MAX_VALUE);
    book.add(
        "the longest",
        "SET k " + most,
        "OK",
        "APPEND k x",
        tooLong,
        "STRLEN k",
        "1024",
        "SETRANGE k 1024 x",
        tooLong,
        "SETRANGE k 9223372036854775807 x",
        tooLong,
        "SETRANGE k 1023 y",
        "1024",
        "SET k " + most + "x",
        tooLong,
        "MSET k " + most + "x",
        tooLong,
        "SETRANGE none 4294967296 x",
        tooLong);
  }

  private static void counts(Book book) {
    String overflow = "ERR increment or decrement would overflow";
    book.add("incr", "SET k 10", "OK", "INCR k", "11", "GET k", "\"11\"", "INCR none", "1");
    book.add("decr", "SET k 10", "OK", "DECR k", "9", "DECR none", "-1");
    book.add("incrby", "SET k 10", "OK", "INCRBY k 5", "15", "INCRBY k -20", "-5");
    book.add("decrby", "SET k 10", "OK", "DECRBY k 3", "7", "DECRBY k -3", "10");
    book.add("incr and ttl", "SET k 1 EX 9", "OK", "INCR k", "2", "TTL k", "9");
    book.add("incr text", "SET k abc", "OK", "INCR k", WRONG_NUMBER, "GET k", "\"abc\"");
    book.add(
        "incr blanks",
        "SET k _1",
        "OK",
        "INCR k",
        WRONG_NUMBER,
        "SET k 1_",
        "OK",
        "INCR k",
        WRONG_NUMBER);
    book.add("incr huge", "SET k 234293482390480948029348230948", "OK", "DECR k", WRONG_NUMBER);
    book.add(
        "incr above",
        "SET k 9223372036854775807",
        "OK",
        "INCR k",
        overflow,
        "GET k",
        "\"9223372036854775807\"");
    book.add("decr below", "SET k -9223372036854775808", "OK", "DECR k", overflow);
    book.add("incrby no number", "INCRBY k x", WRONG_NUMBER, "INCRBY k 1.5", WRONG_NUMBER);
    book.add("decrby the least", "DECRBY k -9223372036854775808", "ERR decrement would overflow");
    book.add(
        "incrbyfloat",
        "SET k 10.50",
        "OK",
        "INCRBYFLOAT k 0.1",
        "\"10.6\"",
        "INCRBYFLOAT k -5",
        "\"5.6\"",
        "SET k 5.0e3",
        "OK",
        "INCRBYFLOAT k 2.0e2",
        "\"5200\"");
    book.add("incrbyfloat, none", "INCRBYFLOAT k 1.5", "\"1.5\"", "GET k", "\"1.5\"");
    book.add(
        "incrbyfloat text",
        "SET k abc",
        "OK",
        "INCRBYFLOAT k 1",
        NO_FLOAT,
        "INCRBYFLOAT none x",
        NO_FLOAT);
    book.add(
        "incrbyfloat to infinity",
        "INCRBYFLOAT k inf",
        "ERR increment would produce NaN or Infinity",
        "EXISTS k",
        "0");
    book.add("incrbyfloat and ttl", "SET k 1 EX 9", "OK", "INCRBYFLOAT k 1", "\"2\"", "TTL k", "9");
  }

  private static void expiry(Book book) {
    book.add("expire", "SET k v", "OK", "EXPIRE k 10", "1", "TTL k", "10", "EXPIRE none 10", "0");
    book.add(
        "pexpire",
        "SET k v",
        "OK",
        "PEXPIRE k 1500",
        "1",
        "PTTL k",
        "1500",
        "TTL k",
        "2",
        "PEXPIRE none 1",
        "0");
    book.add(
        "expireat",
        "SET k v",
        "OK",
        "EXPIREAT k 9999999999",
        "1",
        "EXPIRETIME k",
        "9999999999",
        "EXPIREAT none 9999999999",
        "0");
    book.add(
        "pexpireat",
        "SET k v",
        "OK",
        "PEXPIREAT k 9999999999999",
        "1",
        "PEXPIRETIME k",
        "9999999999999",
        "EXPIRETIME k",
        "10000000000");
    book.add("expire in the past", "SET k v", "OK", "EXPIRE k -1", "1", "EXISTS k", "0");
    book.add("expire at once", "SET k v", "OK", "EXPIRE k 0", "1", "EXISTS k", "0");
    book.add("expireat in the past", "SET k v", "OK", "EXPIREAT k 1", "1", "EXISTS k", "0");
    book.add(
        "expire nx", "SET k v", "OK", "EXPIRE k 10 NX", "1", "EXPIRE k 20 NX", "0", "TTL k", "10");
    book.add(
        "expire xx",
        "SET k v",
        "OK",
        "EXPIRE k 10 XX",
        "0",
        "TTL k",
        "-1",
        "EXPIRE k 10",
        "1",
        "EXPIRE k 20 XX",
        "1",
        "TTL k",
        "20");
    book.add(
        "expire gt",
        "SET k v",
        "OK",
        "EXPIRE k 10 GT",
        "0",
        "EXPIRE k 10",
        "1",
        "EXPIRE k 5 GT",
        "0",
        "EXPIRE k 10 GT",
        "0",
        "EXPIRE k 20 GT",
        "1",
        "TTL k",
        "20");
    book.add(
        "expire lt",
        "SET k v",
        "OK",
        "EXPIRE k 10 LT",
        "1",
        "EXPIRE k 20 LT",
        "0",
        "EXPIRE k 10 LT",
        "0",
        "EXPIRE k 5 LT",
        "1",
        "TTL k",
        "5");
    book.add(
        "expire xx gt",
        "SET k v EX 10",
        "OK",
        "EXPIRE k 20 XX GT",
        "1",
        "EXPIRE k 5 xx lt",
        "1",
        "TTL k",
        "5");
    book.add(
        "pexpire nx xx",
        "SET k v",
        "OK",
        "PEXPIRE k 1000 NX",
        "1",
        "PEXPIRE k 2000 XX",
        "1",
        "PTTL k",
        "2000");
    book.add(
        "expireat gt lt",
        "SET k v",
        "OK",
        "EXPIREAT k 9999999998 lt",
        "1",
        "EXPIREAT k 9999999999 gt",
        "1",
        "PEXPIREAT k 9999999998000 lt",
        "1",
        "EXPIRETIME k",
        "9999999998");
    book.add(
        "expire options",
        "SET k v",
        "OK",
        "EXPIRE k 1 AB",
        "ERR Unsupported option AB",
        "EXPIRE k 1 NX XX",
        "ERR NX and XX, GT or LT options at the same time are not compatible",
        "EXPIRE k 1 NX GT",
        "ERR NX and XX, GT or LT options at the same time are not compatible",
        "EXPIRE k 1 GT LT",
        "ERR GT and LT options at the same time are not compatible",
        "TTL k",
        "-1");
    book.add(
        "expire no number",
        "SET k v",
        "OK",
        "EXPIRE k x",
        WRONG_NUMBER,
        "EXPIRE none 1.5",
        WRONG_NUMBER);
    String expire = "ERR invalid expire time in 'expire' command";
    book.add(
        "expire far",
        "SET k v",
        "OK",
        "EXPIRE k 9223372036854775807",
        expire,
        "EXPIRE k -9223372036854775807",
        expire,
        "EXPIRE k 9223372036854770",
        expire,
        "PEXPIRE k 9223372036854775807",
        "ERR invalid expire time in 'pexpire' command",
        "EXPIREAT k 9223372036854775807",
        "ERR invalid expire time in 'expireat' command",
        "TTL k",
        "-1");
    book.add(
        "times, none",
        "TTL none",
        "-2",
        "PTTL none",
        "-2",
        "EXPIRETIME none",
        "-2",
        "PEXPIRETIME none",
        "-2");
    book.add(
        "times without",
        "SET k v",
        "OK",
        "TTL k",
        "-1",
        "PTTL k",
        "-1",
        "EXPIRETIME k",
        "-1",
        "PEXPIRETIME k",
        "-1");
    book.add(
        "persist",
        "SET k v EX 10",
        "OK",
        "PERSIST k",
        "1",
        "TTL k",
        "-1",
        "PERSIST k",
        "0",
        "PERSIST none",
        "0");
    book.add(
        "getex",
        "SET k v",
        "OK",
        "GETEX k",
        "\"v\"",
        "TTL k",
        "-1",
        "GETEX k EX 60",
        "\"v\"",
        "TTL k",
        "60",
        "GETEX k",
        "\"v\"",
        "TTL k",
        "60",
        "GETEX k PERSIST",
        "\"v\"",
        "TTL k",
        "-1",
        "GETEX none EX 1",
        "nil",
        "GETEX none",
        "nil");
    book.add("getex px", "SET k v", "OK", "GETEX k px 1500", "\"v\"", "PTTL k", "1500");
    book.add(
        "getex at",
        "SET k v",
        "OK",
        "GETEX k EXAT 9999999999",
        "\"v\"",
        "EXPIRETIME k",
        "9999999999",
        "GETEX k PXAT 9999999999999",
        "\"v\"",
        "PEXPIRETIME k",
        "9999999999999");
    book.add("getex in the past", "SET k v", "OK", "GETEX k EXAT 1", "\"v\"", "TTL k", "-2");
    book.add(
        "getex options",
        "SET k v",
        "OK",
        "GETEX k EX 1 PERSIST",
        SYNTAX,
        "GETEX k PERSIST EX 1",
        SYNTAX,
        "GETEX k EX",
        SYNTAX,
        "GETEX k NX",
        SYNTAX,
        "GETEX k KEEPTTL",
        SYNTAX,
        "GETEX k GET",
        SYNTAX);
    String getex = "ERR invalid expire time in 'getex' command";
    book.add(
        "getex numbers",
        "SET k v",
        "OK",
        "GETEX k EX 0",
        getex,
        "GETEX k EX x",
        WRONG_NUMBER,
        "GETEX none EX 0",
        "nil",
        "TTL k",
        "-1");
  }

  private static void bits(Book book) {
    book.add("setbit", "SETBIT k 7 1", "0", "SETBIT k 7 0", "1", "GET k", "\"\0\"");
    book.add(
        "getbit",
        "SETBIT k 7 1",
        "0",
        "GETBIT k 0",
        "0",
        "GETBIT k 7",
        "1",
        "GETBIT k 100",
        "0",
        "GETBIT none 0",
        "0");
    book.add("setbit makes longer", "SETBIT k 16 0", "0", "STRLEN k", "3", "SETBIT k 16 0", "0");
    String offset = "ERR bit offset is not an integer or out of range";
    String bit = "ERR bit is not an integer or out of range";
    book.add(
        "setbit bounds",
        "SETBIT k -1 1",
        offset,
        "SETBIT k x 1",
        offset,
        "SETBIT k 8192 1",
        offset,
        "SETBIT k 8191 1",
        "0",
        "SETBIT k 0 2",
        bit,
        "SETBIT k 0 x",
        bit,
        "GETBIT k -1",
        offset);
    book.add(
        "bitcount",
        "SET k foobar",
        "OK",
        "BITCOUNT k",
        "26",
        "BITCOUNT k 0 0",
        "4",
        "BITCOUNT k 1 1",
        "6",
        "BITCOUNT k 1 1 BYTE",
        "6",
        "BITCOUNT k 5 30 BIT",
        "17",
        "BITCOUNT k 0 -1",
        "26",
        "BITCOUNT k 9 10",
        "0",
        "BITCOUNT none",
        "0");
    book.add(
        "bitcount options",
        "SET k foobar",
        "OK",
        "BITCOUNT k 0",
        SYNTAX,
        "BITCOUNT k 0 1 AB",
        SYNTAX,
        "BITCOUNT k x 1",
        WRONG_NUMBER,
        "BITCOUNT k 0 1 BIT 2",
        SYNTAX,
        "BITCOUNT none 0",
        "0",
        "BITCOUNT none x 1",
        "0");
  }

  private static void keySpace(Book book) {
    book.add(
        "keys",
        "MSET firstname Jack lastname Stuntman age 35",
        "OK",
        "KEYS a??",
        "[\"age\"]",
        "KEYS none*",
        "[]");
    book.add(
        "scan",
        "SET k v",
        "OK",
        "SCAN 0",
        "[\"0\", [\"k\"]]",
        "SCAN 0 MATCH x*",
        "[\"0\", []]",
        "SCAN 0 COUNT 5 TYPE string",
        "[\"0\", [\"k\"]]",
        "SCAN 0 TYPE hash",
        "[\"0\", []]");
    book.add(
        "scan options",
        "SCAN x",
        "ERR invalid cursor",
        "SCAN -1",
        "ERR invalid cursor",
        "SCAN 18446744073709551616",
        "ERR invalid cursor",
        "SCAN 0 COUNT 0",
        SYNTAX,
        "SCAN 0 COUNT x",
        WRONG_NUMBER,
        "SCAN 0 COUNT",
        SYNTAX,
        "SCAN 0 AB 1",
        SYNTAX);
    book.add("randomkey", "RANDOMKEY", "nil", "SET k v", "OK", "RANDOMKEY", "\"k\"");
    book.add("dbsize", "DBSIZE", "0", "MSET {k}a 1 {k}b 2 {k}c 3", "OK", "DBSIZE", "3");
    book.add("flushall", "SET k v", "OK", "FLUSHALL", "OK", "EXISTS k", "0", "FLUSHALL", "OK");
    book.add(
        "flushdb",
        "SET k v",
        "OK",
        "FLUSHDB ASYNC",
        "OK",
        "DBSIZE",
        "0",
        "FLUSHDB sync",
        "OK",
        "FLUSHALL NOW",
        SYNTAX,
        "FLUSHALL SYNC ASYNC",
        SYNTAX);
  }

  private static void service(Book book) {
    book.add(
        "object encoding",
        "MSET a 12 b abc c " + "x".repeat(45) + " d 012",
        "OK",
        "OBJECT ENCODING a",
        "\"int\"",
        "OBJECT encoding b",
        "\"embstr\"",
        "OBJECT ENCODING c",
        "\"raw\"",
        "OBJECT ENCODING d",
        "\"embstr\"",
        "OBJECT ENCODING none",
        "nil");
    book.add(
        "object refcount",
        "SET k v",
        "OK",
        "OBJECT REFCOUNT k",
        "1",
        "OBJECT REFCOUNT none",
        "nil");
    book.add(
        "object freq",
        "SET k v",
        "OK",
        "OBJECT FREQ k",
        "ERR An LFU maxmemory policy is not selected, access frequency not tracked.",
        "OBJECT IDLETIME k",
        "ERR Idle time is not tracked.",
        "OBJECT IDLETIME none",
        "nil");
    book.add(
        "object words",
        "OBJECT FOO k",
        "ERR unknown subcommand 'FOO'. Try OBJECT HELP.",
        "OBJECT ENCODING",
        "ERR wrong number of arguments for 'object|encoding' command");
    book.add(
        "wait",
        "WAIT 1 1000",
        "1",
        "WAIT 5 0",
        "1",
        "WAIT x 1",
        WRONG_NUMBER,
        "WAIT 1 x",
        "ERR timeout is not an integer or out of range",
        "WAIT 1 -1",
        "ERR timeout is negative");
    book.add(
        "waitaof",
        "WAITAOF 1 1 0",
        "[1, 1]",
        "WAITAOF 0 0 10",
        "[1, 1]",
        "WAITAOF 2 0 0",
        "ERR value is out of range, value must between 0 and 1",
        "WAITAOF 1 -1 0",
        "ERR value is out of range, must be positive");
    book.add(
        "no key",
        "GET ''",
        "ERR a key has at least 1 byte, this one is empty",
        "SET '' v",
        "ERR a key has at least 1 byte, this one is empty");
  }
}
