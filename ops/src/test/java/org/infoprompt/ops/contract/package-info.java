/** What every backend must fulfil, one abstract test per kernel family, and the tools these tests share. */
@org.jspecify.annotations.NullUnmarked
package org.infoprompt.ops.contract;
