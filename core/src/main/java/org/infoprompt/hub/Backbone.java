package org.infoprompt.hub;

/**
 * A published encoder that can be named by a short id.
 *
 * @param id the short name
 * @param coordinates the Maven artifact that carries it
 * @param description layers, hidden size and what it was trained for
 * @param licence of the weights, as an SPDX identifier
 * @param origin the model's name on the Hugging Face hub
 * @param downloadMegabytes size of the artifact
 */
public record Backbone(
        String id, String coordinates, String description, String licence, String origin, int downloadMegabytes) {}
