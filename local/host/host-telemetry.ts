import { Masker } from '../../shared/logging/masking';
import type { Log } from '../../shared/ports/log';
import type { Telemetry } from '../../shared/ports/telemetry';
import { loadTelemetrySettings, telemetrySecretsOf } from '../../shared/settings';
import { createTelemetry } from '../../shared/telemetry/create-telemetry';

/**
 * What the host tells of the requests that it serves, as the Functions host does in Azure, to where the app's own telemetry goes.
 * @throws SettingsError
 */
export function hostTelemetry(log: Log): Telemetry {
  const settings = loadTelemetrySettings(process.env);
  return createTelemetry({
    settings,
    masker: new Masker(telemetrySecretsOf(settings)),
    sink: process.stderr,
    onLoss: (lost) => log.warn('Telemetry of the host could not be sent, and is lost.', { lost }),
  });
}
