package org.infoprompt.ops;

import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.ServiceLoader;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Chooses the backend of this JVM once, says which and why in one line of the log, and warns once for every faster one
 * that the user could have.
 *
 * <p>{@code -Dinfoprompt.precision} sets its precision, fp32 otherwise. {@code -Dinfoprompt.backend=NAME} forces one; if it cannot run, every use fails instead of silently running another.
 */
public final class Backends {
    /** The system property that forces a backend. */
    public static final String PROPERTY = "infoprompt.backend";

    private static final Pattern DEVICE = Pattern.compile("([a-z]+)(?::(\\d{1,3}))?");

    private static @Nullable List<Candidate> candidates;
    private static @Nullable Choice choice;

    private Backends() {}

    /** One backend; whether it can run is found out at the first question, because that may load a library. */
    public static final class Candidate {
        private final BackendProvider provider;
        private @Nullable Availability availability;

        Candidate(BackendProvider provider) {
            this.provider = provider;
        }

        Candidate(BackendProvider provider, Availability availability) {
            this.provider = provider;
            this.availability = availability;
        }

        /** {@return who offers it} */
        public BackendProvider provider() {
            return provider;
        }

        /** {@return whether it can run here} */
        public synchronized Availability availability() {
            Availability known = availability;
            if (known == null) {
                known = provider.availability();
                availability = known;
            }
            return known;
        }
    }

    /**
     * What was chosen.
     *
     * @param backend the backend, or null if none can be
     * @param line the log line about it, or why nothing can be chosen
     */
    record Choice(@Nullable Backend backend, String line) {
        /** Returns the same at another precision; null leaves the backend's own. */
        Choice at(@Nullable String precision) {
            if (backend == null || precision == null) {
                return this;
            }
            try {
                PrecisionChoice choice = PrecisionChoice.of(backend, precision, "-D" + PrecisionChoice.PROPERTY);
                return new Choice(choice.backend(), line + ", " + choice.line());
            } catch (IllegalStateException e) {
                return new Choice(null, String.valueOf(e.getMessage()));
            }
        }
    }

    /**
     * {@return the backend of this JVM}
     *
     * @throws IllegalStateException if the forced one cannot run
     */
    public static Backend active() {
        Choice chosen = choice();
        if (chosen.backend == null) {
            throw new IllegalStateException(chosen.line);
        }
        return chosen.backend;
    }

    /**
     * {@return a backend whether or not it is the active one}
     *
     * @param name its short name
     * @throws IllegalStateException if there is none of this name or it cannot run here
     */
    public static Backend byName(String name) {
        return usable(all(), name, "backend '" + name + "'").provider.backend();
    }

    /**
     * {@return the backend that runs on a device}
     *
     * @param device such as {@code cuda:0}, or {@code cuda} for the first
     * @throws IllegalStateException if there is no such device or it cannot be used here
     */
    public static Backend onDevice(String device) {
        return onDevice(all(), device);
    }

    static Backend onDevice(List<Candidate> all, String device) {
        Matcher matcher = DEVICE.matcher(device);
        for (Candidate candidate : all) {
            BackendProvider provider = candidate.provider;
            if (provider.hasDevices() && matcher.matches() && matcher.group(1).equals(provider.name())) {
                int number = matcher.group(2) == null ? 0 : Integer.parseInt(matcher.group(2));
                Availability availability = provider.availability(number);
                if (!availability.usable()) {
                    throw new IllegalStateException(
                            device + " cannot run: " + availability.reason() + remedy(availability));
                }
                return provider.backend(number);
            }
        }
        throw new IllegalStateException(device + " is no device; there are cpu"
                + all.stream()
                        .filter(c -> c.provider.hasDevices())
                        .map(c -> ", " + c.provider.name() + ":0 and so on")
                        .collect(Collectors.joining()));
    }

    /** {@return all backends, the preferred first} */
    public static synchronized List<Candidate> all() {
        List<Candidate> found = candidates;
        if (found == null) {
            found = new ArrayList<>();
            for (BackendProvider provider :
                    ServiceLoader.load(BackendProvider.class, Backends.class.getClassLoader())) {
                found.add(new Candidate(provider));
            }
            found.sort(Comparator.comparingInt((Candidate c) -> -c.provider.rank()));
            found = List.copyOf(found);
            candidates = found;
        }
        return found;
    }

    /** {@return which backend is active and why, in one line; looks at no slower one} */
    public static String choiceLine() {
        return choice().line;
    }

    /** {@return which backend is active and why, and a line about every one there is: for bug reports and benchmarks} */
    public static String describe() {
        return all().stream()
                .map(c -> c.provider.name() + ": " + (c.availability().usable() ? "" : "not usable, ")
                        + c.availability().reason() + remedy(c.availability()))
                .collect(Collectors.joining("\n  ", choice().line + "\n  ", ""));
    }

    private static synchronized Choice choice() {
        Choice chosen = choice;
        if (chosen == null) {
            System.Logger log = System.getLogger(Backends.class.getName());
            chosen = choose(all(), System.getProperty(PROPERTY), log).at(System.getProperty(PrecisionChoice.PROPERTY));
            if (chosen.backend != null) {
                log.log(Level.INFO, chosen.line);
            }
            choice = chosen;
        }
        return chosen;
    }

    static Choice choose(List<Candidate> all, @Nullable String forced, System.Logger log) {
        if (forced != null) {
            try {
                Candidate candidate = usable(all, forced, "-D" + PROPERTY + "=" + forced);
                return new Choice(candidate.provider.backend(), line(candidate, "-D" + PROPERTY + " asks for it"));
            } catch (IllegalStateException e) {
                return new Choice(null, String.valueOf(e.getMessage()));
            }
        }
        List<String> missing = new ArrayList<>();
        for (Candidate candidate : all) {
            String name = candidate.provider.name();
            if (candidate.provider.rank() < 0) {
                break;
            }
            if (candidate.availability().usable()) {
                String reason = missing.isEmpty() ? "it is the fastest there is" : String.join("; ", missing);
                return new Choice(candidate.provider.backend(), line(candidate, reason));
            }
            missing.add(name + ": " + candidate.availability().reason());
            if (!candidate.availability().remedy().isEmpty()) {
                log.log(
                        Level.WARNING,
                        "the faster backend " + name + " is not usable: "
                                + candidate.availability().reason() + remedy(candidate.availability()));
            }
        }
        return new Choice(null, "no backend is usable: " + String.join("; ", missing));
    }

    private static String line(Candidate candidate, String reason) {
        return "backend=" + candidate.provider.name() + " "
                + candidate.availability().reason() + " because " + reason;
    }

    private static Candidate usable(List<Candidate> all, String name, String asked) {
        for (Candidate candidate : all) {
            if (candidate.provider.name().equals(name)) {
                if (!candidate.availability().usable()) {
                    throw new IllegalStateException(asked + " cannot run: "
                            + candidate.availability().reason() + remedy(candidate.availability()));
                }
                return candidate;
            }
        }
        throw new IllegalStateException(asked + " must be one of "
                + all.stream().map(c -> c.provider.name()).collect(Collectors.joining(", ")));
    }

    private static String remedy(Availability availability) {
        return availability.remedy().isEmpty() ? "" : " (remedy: " + availability.remedy() + ")";
    }
}
