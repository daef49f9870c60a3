package org.infoprompt.hub;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import org.infoprompt.weights.FileHashes;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckedFilesTest {
    private static final FileTime LONG_AGO = FileTime.from(Instant.parse("2026-01-01T00:00:00Z"));

    @TempDir
    Path folder;

    private Path file = Path.of("");
    private String hash = "";

    @BeforeEach
    void make() throws IOException {
        file = folder.resolve("weights");
        Files.writeString(file, "some numbers");
        Files.setLastModifiedTime(file, LONG_AGO);
        hash = FileHashes.sha256(List.of(file));
    }

    /** As of an hour later, when what was written by the test is settled. */
    private boolean check(String expected) throws IOException {
        CheckedFiles files = CheckedFiles.of(folder, Instant.now().plusSeconds(3600));
        boolean same = files.hasHash("weights", expected);
        files.save();
        return same;
    }

    /** What is believed although nothing was read: a record under the state of the file, with another hash. */
    private boolean isBelieved() throws IOException {
        Path record = folder.resolve(CheckedFiles.NAME);
        String other = "0".repeat(hash.length());
        Files.writeString(record, Files.readString(record).replace(hash, other));
        return check(other);
    }

    @Test
    void unchangedFileIsNotReadAgain() throws IOException {
        assertThat(check(hash)).isTrue();
        assertThat(folder.resolve(CheckedFiles.NAME)).exists();
        assertThat(check(hash)).isTrue();
        assertThat(isBelieved()).isTrue();
    }

    @Test
    void changedFileIsReadAgainAlsoIfItsTimeIsSetBack() throws IOException, InterruptedException {
        assertThat(check(hash)).isTrue();
        // Longer than the grain of the clock that stamps files: an hour has passed by the record.
        Thread.sleep(50);
        Files.writeString(file, "same numbers");
        Files.setLastModifiedTime(file, LONG_AGO);
        assertThat(check(hash)).isFalse();
        assertThat(isBelieved()).as("the record of the file as it was").isFalse();
    }

    @Test
    void replacedFileIsReadAgain() throws IOException {
        assertThat(check(hash)).isTrue();
        Path other = folder.resolve("other");
        Files.writeString(other, "some numbers");
        Files.setLastModifiedTime(other, LONG_AGO);
        Files.move(other, file, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        assertThat(isBelieved()).isFalse();
        assertThat(check(hash)).isTrue();
    }

    @Test
    void oldOrFutureOrDamagedRecordsAreNotBelieved() throws IOException {
        assertThat(check(hash)).isTrue();
        Path record = folder.resolve(CheckedFiles.NAME);
        List<String> lines = Files.readAllLines(record);
        long now = Instant.now().getEpochSecond();
        for (String first : List.of(Long.toString(now - 31L * 86400), Long.toString(now + 7200), "nonsense", "")) {
            Files.writeString(record, first + "\n" + lines.get(1) + "\n");
            assertThat(isBelieved()).as("first line %s", first).isFalse();
        }
        Files.writeString(record, "");
        assertThat(check(hash)).isTrue();
    }

    @Test
    void fileChangedAMomentAgoIsNotRecordedWhateverTimeItWasGiven() throws IOException {
        for (boolean setBack : new boolean[] {false, true}) {
            Files.writeString(file, "fresh");
            if (setBack) {
                Files.setLastModifiedTime(file, LONG_AGO);
            }
            CheckedFiles files = CheckedFiles.of(folder);
            assertThat(files.hasHash("weights", FileHashes.sha256(List.of(file))))
                    .isTrue();
            files.save();
            assertThat(folder.resolve(CheckedFiles.NAME)).doesNotExist();
        }
    }
}
