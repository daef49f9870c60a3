/**
 * Where models and data come from: Maven artifacts resolved with the user's own Maven settings, unpacked once into a
 * cache folder, or local folders.
 */
package org.infoprompt.hub;
