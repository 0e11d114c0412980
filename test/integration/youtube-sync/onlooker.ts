import { setImmediate } from 'node:timers/promises';
import type { Client } from 'pg';
import { withClient } from '../../support/postgres-databases';
import type { DatabaseSettings } from '../../support/services';

/** All of a tenant's rows in one statement, and so at one moment; instants of writing are left out. */
const ALL_ROWS = `
  SELECT md5(concat_ws('|',
    (SELECT jsonb_agg(to_jsonb(t) - 'updated_at' ORDER BY t.id) FROM channels AS t WHERE tenant_id = $1),
    (SELECT jsonb_agg(to_jsonb(t) - 'updated_at' ORDER BY t.channel_id) FROM channel_details AS t WHERE tenant_id = $1),
    (SELECT jsonb_agg(to_jsonb(t) - 'updated_at' || jsonb_build_object('removed_at', removed_at IS NOT NULL) ORDER BY t.id)
      FROM videos AS t WHERE tenant_id = $1),
    (SELECT jsonb_agg(to_jsonb(t) ORDER BY t.video_id, t.video_type_id) FROM video_video_types AS t WHERE tenant_id = $1),
    (SELECT jsonb_agg(to_jsonb(t) - 'updated_at' ORDER BY t.video_id) FROM stream_details AS t WHERE tenant_id = $1),
    (SELECT jsonb_agg(to_jsonb(t) - 'updated_at' ORDER BY t.video_id, t.date) FROM video_statistics AS t WHERE tenant_id = $1)
  )) AS digest`;

/** What another connection sees of a tenant at one moment, as a digest. */
export async function seen(client: Client, tenant: string): Promise<string> {
  const { rows } = await client.query<{ digest: string }>(ALL_ROWS, [tenant]);
  return rows[0]?.digest ?? '';
}

export interface Watched<Result> {
  readonly result: Result;
  readonly before: string;
  /** Everything that was seen meanwhile and at the end, each once, in order. */
  readonly seen: readonly string[];
  readonly looks: number;
}

/** Does something while another connection looks at a tenant's rows again and again. */
export async function watching<Result>(
  settings: DatabaseSettings,
  tenant: string,
  work: () => Promise<Result>,
): Promise<Watched<Result>> {
  return await withClient(settings, async (client) => {
    const before = await seen(client, tenant);
    const found = new Set<string>();
    let looks = 0;
    let over = false;
    const working = work().finally(() => {
      over = true;
    });
    do {
      found.add(await seen(client, tenant));
      looks += 1;
      await setImmediate();
    } while (!over);
    const result = await working;
    found.add(await seen(client, tenant));
    return { result, before, seen: [...found], looks };
  });
}
