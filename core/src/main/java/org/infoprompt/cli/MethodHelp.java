package org.infoprompt.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.infoprompt.prompt.MethodOption;
import org.infoprompt.prompt.PromptMethod;
import org.infoprompt.prompt.PromptMethods;
import picocli.CommandLine.Model.UsageMessageSpec;

/** The prompt methods and their options, as help text. */
final class MethodHelp {
    private static final int WIDTH = 78;

    private MethodHelp() {}

    /** Appends the methods to a command's help. */
    static void append(UsageMessageSpec usage) {
        List<String> footer = new ArrayList<>(Arrays.asList(usage.footer()));
        footer.add("");
        footer.add("Methods (--method) and their options (--set OPTION=VALUE,...):");
        for (PromptMethod method : PromptMethods.all().values()) {
            wrap(footer, "  " + method.id() + ": " + method.description(), "      ");
            for (MethodOption option : method.options()) {
                wrap(
                        footer,
                        "      " + option.name() + "=" + option.defaultValue() + "  " + option.description(),
                        "          ");
            }
        }
        // A percent sign would be read as a format.
        usage.footer(footer.stream().map(line -> line.replace("%", "%%")).toArray(String[]::new));
    }

    private static void wrap(List<String> lines, String text, String indent) {
        String rest = text;
        while (rest.length() > WIDTH) {
            int cut = rest.lastIndexOf(' ', WIDTH);
            if (cut <= indent.length()) {
                break;
            }
            lines.add(rest.substring(0, cut));
            rest = indent + rest.substring(cut + 1);
        }
        lines.add(rest);
    }
}
