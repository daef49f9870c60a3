package org.infoprompt.hub;

import java.util.List;
import org.eclipse.aether.resolution.ArtifactResolutionException;
import org.eclipse.aether.transfer.ArtifactNotFoundException;
import org.eclipse.aether.transfer.ChecksumFailureException;
import org.eclipse.aether.transfer.RepositoryOfflineException;
import org.infoprompt.io.InputException;

/** Turns what the resolver throws, often several nested failures, into one line with a remedy. */
final class ResolutionErrors {
    private ResolutionErrors() {}

    static InputException describe(String coordinates, ArtifactResolutionException e) {
        String source = "artifact " + coordinates;
        String byHand = "fetch it where there is a network with: mvn dependency:get -Dtransitive=false -Dartifact="
                + coordinates + ", or name a local folder (--model DIR, --data DIR)";
        List<Exception> causes = e.getResult().getExceptions();
        for (Exception cause : causes) {
            if (find(cause, ChecksumFailureException.class)) {
                return new InputException(
                        source,
                        "",
                        "the download is damaged: " + rootMessage(cause),
                        "try again; if it stays, the repository or a proxy on the way serves wrong bytes",
                        e);
            }
        }
        for (Exception cause : causes) {
            if (find(cause, RepositoryOfflineException.class)) {
                return new InputException(
                        source,
                        "",
                        "is not in the local repository and Maven is offline",
                        "go online once, or " + byHand,
                        e);
            }
        }
        // Several repositories may have been asked: one that failed says more than one that does not have it.
        for (Exception cause : causes) {
            if (!(cause instanceof ArtifactNotFoundException)) {
                return new InputException(
                        source,
                        "",
                        "no repository can be reached: " + rootMessage(cause),
                        "check the network and the mirrors and proxies in settings.xml, or " + byHand,
                        e);
            }
        }
        return new InputException(
                source, "", "no repository has it", "check the coordinates and the repositories in settings.xml", e);
    }

    private static boolean find(Throwable thrown, Class<? extends Throwable> type) {
        for (Throwable t = thrown; t != null; t = t.getCause()) {
            if (type.isInstance(t)) {
                return true;
            }
        }
        return false;
    }

    static String rootMessage(Throwable thrown) {
        Throwable root = thrown;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        String type = root.getClass().getSimpleName();
        return root.getMessage() == null ? type : type + ": " + root.getMessage();
    }
}
