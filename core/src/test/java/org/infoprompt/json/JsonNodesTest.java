package org.infoprompt.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

class JsonNodesTest {
    private static final JsonMapper MAPPER = new JsonMapper();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "[]",
                "null",
                "{\"a\": 1, \"b\": [true, false, null, \"x\\u00e9\"], \"c\": {\"d\": -1.5e-7, \"e\": []}}",
                "{\"int\": 2147483647, \"long\": 2147483648, \"big\": 1000000000000000000000000000000, \"zero\": -0.0}"
            })
    void givesWhatTheMapperGives(String text) {
        assertThat(JsonNodes.read(text)).isEqualTo(MAPPER.readTree(text));
        assertThat(JsonNodes.readStrictly(text)).isEqualTo(MAPPER.readTree(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "{", "[1,", "{\"a\" 1}", "{} {}", "NaN", "{\"a\": 01}", "]"})
    void refusesWhatIsNotOneValue(String text) {
        assertThatThrownBy(() -> JsonNodes.read(text)).isInstanceOf(JacksonException.class);
    }

    @Test
    void equalKeysAreRefusedStrictly() {
        String text = "{\"a\": 1, \"a\": 2}";
        assertThat(JsonNodes.read(text).get("a").intValue()).isEqualTo(2);
        assertThatThrownBy(() -> JsonNodes.readStrictly(text))
                .isInstanceOf(JacksonException.class)
                .hasMessageContaining("uplicate");
    }

    @Test
    void nestingIsBounded() {
        String text = "[".repeat(100_000);
        assertThatThrownBy(() -> JsonNodes.read(text)).isInstanceOf(JacksonException.class);
    }
}
