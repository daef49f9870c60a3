/** JSON of small files as nodes; not exported, because its results belong to the JSON library. */
package org.infoprompt.json;
