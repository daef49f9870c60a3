package org.infoprompt.peft;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an adapter's files may leave open.
 *
 * @param task task of a multitask adapter, from 0; null where it has one task only
 * @param labels class names in class order; null for those of the files
 * @param anyBase whether the backbone may have another name than the adapter's base model; sizes are compared all the same
 */
public record PeftOptions(@Nullable Integer task, @Nullable List<String> labels, boolean anyBase) {
    /** Copies the labels. */
    public PeftOptions {
        labels = labels == null ? null : List.copyOf(labels);
    }

    /** {@return everything as the files say} */
    public static PeftOptions defaults() {
        return new PeftOptions(null, null, false);
    }

    /**
     * {@return the same for one task of a multitask adapter}
     *
     * @param other its number, from 0
     */
    public PeftOptions withTask(int other) {
        return new PeftOptions(other, labels, anyBase);
    }

    /**
     * {@return the same with class names}
     *
     * @param other names in class order
     */
    public PeftOptions withLabels(List<String> other) {
        return new PeftOptions(task, other, anyBase);
    }

    /** {@return the same for a base model under any name} */
    public PeftOptions withAnyBase() {
        return new PeftOptions(task, labels, true);
    }
}
