package org.infoprompt.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class StatusLineTest {
    private static final long SECOND = 1_000_000_000L;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final AtomicLong clock = new AtomicLong();

    private StatusLine line(boolean live, boolean quiet) {
        return new StatusLine(new PrintStream(bytes, true, StandardCharsets.UTF_8), live, quiet, clock::get);
    }

    private String written() {
        return bytes.toString(StandardCharsets.UTF_8);
    }

    @Test
    void drawsOverItselfOnATerminal() {
        StatusLine line = line(true, false);
        assertThat(line.due()).isTrue();
        line.buffer().append("one");
        line.draw();
        assertThat(line.due()).isFalse();
        clock.addAndGet(SECOND / 5);
        assertThat(line.due()).isTrue();
        assertThat(written()).startsWith("\r").contains("one").doesNotContain("\n");
    }

    @Test
    void writesALineEveryFewSecondsElsewhere() {
        StatusLine line = line(false, false);
        clock.addAndGet(SECOND);
        assertThat(line.due()).isFalse();
        clock.addAndGet(5 * SECOND);
        assertThat(line.due()).isTrue();
        line.buffer().append("one");
        line.draw();
        assertThat(written().strip()).isEqualTo("one");
        assertThat(written()).doesNotContain("\033");
    }

    @Test
    void isSilentWhenAsked() {
        StatusLine line = line(true, true);
        assertThat(line.due()).isFalse();
        line.buffer().append("one");
        line.draw();
        line.clear();
        assertThat(written()).isEmpty();
    }

    @Test
    void formatsNumbers() {
        StringBuilder text = new StringBuilder();
        StatusLine.number(text, -1.0456, 3);
        text.append(' ');
        StatusLine.number(text, 12.999, 0);
        text.append(' ');
        StatusLine.number(text, 0.0049, 2);
        text.append(' ');
        StatusLine.duration(text, 65.4);
        text.append(' ');
        StatusLine.duration(text, 7231);
        assertThat(text).hasToString("-1.046 13 0.00 1:05 2:00:31");
        text.setLength(0);
        StatusLine.bar(text, 0.5, 8);
        assertThat(text).hasToString("[####....]");
    }
}
