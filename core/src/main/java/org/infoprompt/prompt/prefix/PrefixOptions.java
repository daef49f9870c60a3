package org.infoprompt.prompt.prefix;

import java.util.List;
import org.infoprompt.prompt.MethodOption;
import org.infoprompt.prompt.MethodOptions;
import org.infoprompt.prompt.Reading;
import org.infoprompt.prompt.SlotLayout;

/** The options that Prefix-Tuning and P-Tuning v2 share. */
final class PrefixOptions {
    private PrefixOptions() {}

    static List<MethodOption> list(String prefixes, String reparameterise, String deviation) {
        return List.of(
                new MethodOption("prefixes", prefixes, "keys and values a layer"),
                new MethodOption("reparameterise", reparameterise, "whether an MLP makes them"),
                new MethodOption("hidden-size", "512", "width of that MLP"),
                new MethodOption("deviation", deviation, "standard deviation of the starting values"),
                new MethodOption("read", "cls", "what the head reads: cls, mask or mean"));
    }

    static PrefixConfig config(String method, MethodOptions options) {
        return new PrefixConfig(
                method,
                options.integer("prefixes", 1, SlotLayout.MAX),
                options.bool("reparameterise"),
                options.integer("hidden-size", 1, 8192),
                options.number("deviation", 0, 100),
                options.constant("read", Reading.class));
    }
}
