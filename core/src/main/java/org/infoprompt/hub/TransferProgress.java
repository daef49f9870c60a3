package org.infoprompt.hub;

import org.eclipse.aether.transfer.AbstractTransferListener;
import org.eclipse.aether.transfer.TransferEvent;

/** Passes the transfer of an artifact's file on to a listener. */
final class TransferProgress extends AbstractTransferListener {
    private final ProgressListener listener;

    TransferProgress(ProgressListener listener) {
        this.listener = listener;
    }

    @Override
    public void transferStarted(TransferEvent event) {
        listener.progressed(name(event), 0, event.getResource().getContentLength());
    }

    @Override
    public void transferProgressed(TransferEvent event) {
        listener.progressed(
                name(event), event.getTransferredBytes(), event.getResource().getContentLength());
    }

    @Override
    public void transferSucceeded(TransferEvent event) {
        listener.finished(name(event), event.getTransferredBytes());
    }

    private static String name(TransferEvent event) {
        String resource = event.getResource().getResourceName();
        return resource.substring(resource.lastIndexOf('/') + 1);
    }
}
