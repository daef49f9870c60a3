/**
 * What applications use: open a backbone, train or load a prompt model, predict.
 */
package org.infoprompt.session;
