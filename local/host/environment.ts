/**
 * Puts settings into the process's environment, where a Functions app reads them: what `func start` does with the Values
 * of local.settings.json. Unlike there, a setting given here goes before one of the surroundings, so that an app under
 * test never meets a developer's own account by accident.
 * @returns what restores the environment as it was
 */
export function setEnvironment(settings: Readonly<Record<string, string>>): () => void {
  const before = new Map<string, string | undefined>();
  for (const [name, value] of Object.entries(settings)) {
    before.set(name, process.env[name]);
    process.env[name] = value;
  }
  return () => {
    for (const [name, value] of before) {
      if (value === undefined) {
        delete process.env[name];
      } else {
        process.env[name] = value;
      }
    }
  };
}
