import { loadSettings, type Settings } from './settings';

/** The settings of this process's environment: the one place that reads it. @throws SettingsError */
export function processSettings(): Settings {
  return loadSettings(process.env);
}
