/**
 * Trained prompts on disk: safetensors beside one JSON file. The JSON names the tensor file and its hash and is moved into place
 * last, so that a folder always holds either the old checkpoint or the new one, whole.
 *
 * <p>{@code checkpoint.json} is one object: {@code format} ("infoprompt-checkpoint"), {@code version}, {@code recipe}, {@code
 * task}, {@code metric}, {@code labels} in class order, {@code pair}; {@code backbone} (how to find it, its hash, the hash of its
 * vocabulary, its sizes), {@code prompt} (method, its options, the most positions), {@code objective} and {@code training} (all
 * settings), {@code epoch}, {@code devScore}, {@code dataSha256}; {@code tensors} and {@code tensorsSha256}, name and hash of the
 * tensor file. Nothing else is needed to open a model over its backbone, and nothing in a folder is ever executed.
 *
 * <p>The tensor file is safetensors, row-major, F32 (F64 from the reference backend). It holds what the method and the objective
 * use and nothing more; the frozen encoder is not in it. N slots, n slots of a group, P prefixes, D hidden, L layers, Z bottleneck,
 * C classes, g generator, h encoder width, r ranks:
 *
 * <table>
 * <caption>Tensors of a checkpoint</caption>
 * <tr><th scope="col">name</th><th scope="col">shape</th><th scope="col">there if</th></tr>
 * <tr><td>{@code head.weight}</td><td>[C, D]</td><td>always: the class head</td></tr>
 * <tr><td>{@code head.bias}</td><td>[C]</td><td>classification direct or both</td></tr>
 * <tr><td>{@code bottleneck.mean.weight}, {@code .bias}</td><td>[Z, D], [Z]</td>
 *     <td>classification bottleneck or both, beta or klWeight above 0</td></tr>
 * <tr><td>{@code bottleneck.log_std.weight}, {@code .bias}</td><td>[Z, D], [Z]</td><td>as the mean</td></tr>
 * <tr><td>{@code decoder.weight}, {@code .bias}</td><td>[D, Z], [D]</td>
 *     <td>classification bottleneck or both, or beta above 0</td></tr>
 * <tr><td>{@code projection.weight}, {@code .bias}</td><td>[D, D], [D]</td><td>beta above 0</td></tr>
 * <tr><td>{@code prompt.embeddings}</td><td>[N, D]</td><td>prompt-tuning; infoprompt for the task, N = 4n</td></tr>
 * <tr><td>{@code generator.down.weight}, {@code .bias}</td><td>[g, D], [g]</td><td>infoprompt for instances</td></tr>
 * <tr><td>{@code generator.up.weight}, {@code .bias}</td><td>[4n·D, g], [4n·D]</td><td>infoprompt for instances</td></tr>
 * <tr><td>{@code prompt_encoder.embedding.weight}</td><td>[N, D]</td>
 *     <td>p-tuning, multitask-prompt-tuning; [P, D] for reparameterised prefixes, [P, L·2·D] for plain ones: layer by layer a key,
 *     then a value</td></tr>
 * <tr><td>{@code prompt_encoder.mlp_head.0}, {@code .2}, {@code .4}</td><td>[h, D], [h, h], [D, h]</td>
 *     <td>p-tuning with an MLP; each {@code .weight} and {@code .bias}</td></tr>
 * <tr><td>{@code prompt_encoder.lstm_head.*}</td><td>as PyTorch's LSTM</td><td>p-tuning with an LSTM: two layers, two directions,
 *     gates in the order input, forget, cell, output; then {@code mlp_head.0} [2h, 2h] and {@code .2} [D, 2h]</td></tr>
 * <tr><td>{@code prompt_encoder.transform.0}, {@code .2}</td><td>[h, D], [L·2·D, h]</td><td>reparameterised prefixes</td></tr>
 * <tr><td>{@code prompt_encoder.prefix_task_cols}</td><td>[N, r]</td><td>multitask-prompt-tuning</td></tr>
 * <tr><td>{@code prompt_encoder.prefix_task_rows}</td><td>[r, D]</td><td>multitask-prompt-tuning</td></tr>
 * </table>
 *
 * <p>Other methods document theirs where they declare them, in {@link org.infoprompt.prompt.PromptConfig#shapes}. For Hugging Face
 * PEFT's format see {@link org.infoprompt.peft}.
 */
package org.infoprompt.checkpoint;
