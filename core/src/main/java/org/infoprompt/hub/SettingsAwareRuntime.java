package org.infoprompt.hub;

import eu.maveniverse.maven.mima.context.ContextOverrides;
import eu.maveniverse.maven.mima.context.MavenSystemHome;
import eu.maveniverse.maven.mima.context.MavenUserHome;
import eu.maveniverse.maven.mima.runtime.standalonestatic.StandaloneStaticRuntime;
import org.apache.maven.settings.Settings;
import org.apache.maven.settings.building.SettingsBuilder;
import org.apache.maven.settings.building.SettingsBuildingException;

/** Remembers whether the user's settings say offline, which MIMA reads but leaves to its caller. */
final class SettingsAwareRuntime extends StandaloneStaticRuntime {
    private boolean offline;

    @Override
    protected Settings newEffectiveSettings(
            ContextOverrides overrides, MavenUserHome userHome, MavenSystemHome systemHome, SettingsBuilder builder)
            throws SettingsBuildingException {
        Settings settings = super.newEffectiveSettings(overrides, userHome, systemHome, builder);
        offline = settings.isOffline();
        return settings;
    }

    boolean isOffline() {
        return offline;
    }
}
