import { loadSettings, type Settings } from './settings';

/** The settings of this process's environment: the one place that touches it. @throws SettingsError */
export function processSettings(): Settings {
  return loadSettings(process.env);
}

/** Sets what a library reads from the environment and takes no option for. What is set there already stays. */
export function setForLibraries(values: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(values)) process.env[name] ??= value;
}
