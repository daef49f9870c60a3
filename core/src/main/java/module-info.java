/** Prompt tuning of frozen transformers: text, weights, models, prompts, objectives, training and inference. */
@org.jspecify.annotations.NullMarked
module org.infoprompt.core {
    requires static transitive org.jspecify;
    requires transitive org.infoprompt.ops;
    requires java.desktop;
    requires java.logging;
    requires jdk.httpserver;
    requires jdk.jfr;
    requires jdk.management;
    requires tools.jackson.core;
    requires tools.jackson.databind;
    requires info.picocli;
    requires de.siegmar.fastcsv;
    requires eu.maveniverse.maven.mima.context;
    requires eu.maveniverse.maven.mima.runtime.standalonestatic;
    requires org.apache.commons.logging;
    requires org.slf4j;
    requires HdrHistogram;
    // Only for those who bind its meters.
    requires static transitive micrometer.core;

    exports org.infoprompt.checkpoint;
    exports org.infoprompt.data;
    exports org.infoprompt.hub;
    exports org.infoprompt.io;
    exports org.infoprompt.metric;
    exports org.infoprompt.model;
    exports org.infoprompt.objective;
    exports org.infoprompt.peft;
    exports org.infoprompt.prompt;
    exports org.infoprompt.prompt.headonly;
    exports org.infoprompt.prompt.ia3;
    exports org.infoprompt.prompt.idpg;
    exports org.infoprompt.prompt.infoprompt;
    exports org.infoprompt.prompt.ipt;
    exports org.infoprompt.prompt.lora;
    exports org.infoprompt.prompt.multitask;
    exports org.infoprompt.prompt.prefix;
    exports org.infoprompt.prompt.ptuning;
    exports org.infoprompt.prompt.tuning;
    exports org.infoprompt.prompt.warp;
    exports org.infoprompt.serve;
    exports org.infoprompt.serve.http;
    exports org.infoprompt.serve.micrometer;
    exports org.infoprompt.session;
    exports org.infoprompt.text;
    exports org.infoprompt.train;
    exports org.infoprompt.weights;

    uses org.infoprompt.prompt.PromptMethod;

    provides org.infoprompt.prompt.PromptMethod with
            org.infoprompt.prompt.headonly.HeadOnlyMethod,
            org.infoprompt.prompt.ia3.Ia3Method,
            org.infoprompt.prompt.idpg.IdpgMethod,
            org.infoprompt.prompt.infoprompt.InfoPromptMethod,
            org.infoprompt.prompt.ipt.IptMethod,
            org.infoprompt.prompt.lora.LoraMethod,
            org.infoprompt.prompt.multitask.MultitaskPromptMethod,
            org.infoprompt.prompt.prefix.PTuningV2Method,
            org.infoprompt.prompt.prefix.PrefixTuningMethod,
            org.infoprompt.prompt.ptuning.PTuningMethod,
            org.infoprompt.prompt.tuning.PromptTuningMethod,
            org.infoprompt.prompt.warp.WarpMethod;

    // picocli sets options by reflection.
    opens org.infoprompt.cli to
            info.picocli;
}
