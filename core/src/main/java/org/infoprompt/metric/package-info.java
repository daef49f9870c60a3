/** Scores of a classifier, all computed from one confusion matrix: rows are gold labels, columns are predictions. */
package org.infoprompt.metric;
