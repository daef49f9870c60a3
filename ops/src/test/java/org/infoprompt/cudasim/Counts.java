package org.infoprompt.cudasim;

import java.util.ArrayList;
import java.util.List;

/** What a host asked of its driver, to be held against what a step should need. */
public final class Counts {
    private final List<String> kernels = new ArrayList<>();
    private int products;
    private int uploads;
    private int downloads;
    private long uploadedBytes;
    private long downloadedBytes;
    private int copies;
    private int synchronisations;
    private int allocations;

    Counts() {}

    /** Starts again from nothing. */
    public void clear() {
        kernels.clear();
        products = 0;
        uploads = 0;
        downloads = 0;
        uploadedBytes = 0;
        downloadedBytes = 0;
        copies = 0;
        synchronisations = 0;
        allocations = 0;
    }

    /** {@return the kernels that were launched, in order} */
    public List<String> kernels() {
        return List.copyOf(kernels);
    }

    /** {@return the matrix products} */
    public int products() {
        return products;
    }

    /** {@return the copies from the host to the device} */
    public int uploads() {
        return uploads;
    }

    /** {@return the copies from the device to the host} */
    public int downloads() {
        return downloads;
    }

    /** {@return the bytes of the copies to the device} */
    public long uploadedBytes() {
        return uploadedBytes;
    }

    /** {@return the bytes of the copies to the host} */
    public long downloadedBytes() {
        return downloadedBytes;
    }

    /** {@return the copies from one place of the device to another} */
    public int copies() {
        return copies;
    }

    /** {@return how often the host waited for the device} */
    public int synchronisations() {
        return synchronisations;
    }

    /** {@return how often memory was asked for, the device's or the host's own that the device reaches} */
    public int allocations() {
        return allocations;
    }

    void kernel(String name) {
        kernels.add(name);
    }

    void product() {
        products++;
    }

    void upload(long bytes) {
        uploads++;
        uploadedBytes += bytes;
    }

    void download(long bytes) {
        downloads++;
        downloadedBytes += bytes;
    }

    void copy() {
        copies++;
    }

    void synchronisation() {
        synchronisations++;
    }

    void allocation() {
        allocations++;
    }

    @Override
    public String toString() {
        return kernels.size() + " kernels, " + products + " products, " + uploads + " uploads of " + uploadedBytes
                + " bytes, " + copies + " copies, " + downloads + " downloads of " + downloadedBytes + " bytes, "
                + synchronisations
                + " synchronisations, " + allocations + " allocations";
    }
}
