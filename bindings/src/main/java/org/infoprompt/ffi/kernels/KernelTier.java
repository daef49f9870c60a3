package org.infoprompt.ffi.kernels;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What the native kernels are compiled for; each includes those before it. Numbered as {@code enum ipk_tier}. */
public enum KernelTier {
    /** What every processor of the architecture has. */
    BASELINE(0),
    /** AVX2 and FMA. */
    AVX2(1),
    /** AVX-512 F, BW, DQ and VL. */
    AVX512(2),
    /** AVX-512 VNNI: products of groups of four bytes. */
    AVX512_VNNI(3),
    /** AVX-512 BF16: products of pairs of bfloat16. */
    AVX512_BF16(4),
    /** AMX tiles of BF16 and INT8. */
    AMX(5);

    private final int code;

    KernelTier(int code) {
        this.code = code;
    }

    /** {@return its number in C} */
    int code() {
        return code;
    }

    /** {@return the name as in {@code -Dinfoprompt.native.tier}} */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * {@return the tier of this name}
     *
     * @param text the name
     */
    static Optional<KernelTier> of(String text) {
        return Arrays.stream(values()).filter(t -> t.text().equals(text)).findFirst();
    }

    /**
     * {@return the tier with this number in C}
     *
     * @param code the number
     */
    static KernelTier of(int code) {
        return Arrays.stream(values()).filter(t -> t.code == code).findFirst().orElseThrow();
    }
}
