package org.infoprompt.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/**
 * A method with both information losses and the same method without one or both of them: {@code NAME}, {@code NAME/gamma=0}, {@code
 * NAME/beta=0}, {@code NAME/gamma=0/beta=0}.
 *
 * @param base the method with both
 * @param variants what is switched off, by method; the base is the first
 */
record CompareAblation(String base, SequencedMap<String, String> variants) {
    private static final String FULL = "both losses";

    /** Returns the ablations among methods; a method without variants is none. */
    static List<CompareAblation> find(List<String> methods) {
        SequencedMap<String, SequencedMap<String, String>> groups = new LinkedHashMap<>();
        for (String method : methods) {
            List<String> kept = new ArrayList<>();
            List<String> off = new ArrayList<>();
            for (String part : method.split("/", -1)) {
                (isOff(part) ? off : kept).add(part);
            }
            String variant = off.isEmpty()
                    ? FULL
                    : off.size() == 2 ? "both 0" : off.getFirst().startsWith("g") ? "gamma 0" : "beta 0";
            groups.computeIfAbsent(String.join("/", kept), base -> new LinkedHashMap<>())
                    .put(method, variant);
        }
        List<CompareAblation> found = new ArrayList<>();
        groups.forEach((base, variants) -> {
            if (variants.size() > 1 && variants.containsKey(base)) {
                variants.putFirst(base, FULL);
                found.add(new CompareAblation(base, variants));
            }
        });
        return found;
    }

    private static boolean isOff(String part) {
        return part.matches("(gamma|beta)=0*\\.?0*") && part.contains("0");
    }
}
