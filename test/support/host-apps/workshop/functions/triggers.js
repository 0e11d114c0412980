'use strict';

const { appendFileSync } = require('node:fs');
const { app } = require('@azure/functions');
const df = require('durable-functions');

const client = { extraInputs: [df.input.durableClient()] };

app.http('things', {
  methods: ['GET', 'POST'],
  route: 'things/{kind}/{id:int?}',
  authLevel: 'function',
  handler: async (request, context) => {
    context.log(`asked for ${request.params.kind}`);
    return {
      status: request.method === 'POST' ? 201 : 200,
      headers: { 'x-made-by': 'workshop' },
      cookies: [{ name: 'seen', value: 'yes; really', path: '/', httpOnly: true, sameSite: 'Strict' }],
      jsonBody: {
        params: request.params,
        query: Object.fromEntries(request.query),
        header: request.headers.get('x-asked-by'),
        body: await request.text(),
        url: request.url,
      },
    };
  },
});

app.http('special', { route: 'things/special', methods: ['GET'], handler: () => ({ body: 'the special thing' }) });

app.http('open', { methods: ['GET'], handler: () => undefined });

app.http('broken', { methods: ['GET'], handler: () => Promise.reject(new Error('a secret detail')) });

app.http('bytes', {
  methods: ['PUT'],
  handler: async (request) => ({ body: new Uint8Array(await request.arrayBuffer()).reverse() }),
});

/** Everything the durable client can do, one call a request: what it answers, or how it fails. */
app.http('client', {
  ...client,
  methods: ['POST'],
  route: 'client/{call}',
  handler: async (request, context) => {
    const durable = df.getClient(context);
    const args = await request.json();
    const given = args.map((arg) =>
      arg !== null && typeof arg === 'object' && 'date' in arg ? new Date(arg.date) : arg,
    );
    const filter = given[0];
    if (filter?.createdTimeFrom) {
      filter.createdTimeFrom = new Date(filter.createdTimeFrom);
    }
    try {
      if (request.params.call === 'createCheckStatusResponse') {
        return durable.createCheckStatusResponse(request, given[0]);
      }
      return { jsonBody: { ok: (await durable[request.params.call](...given)) ?? null } };
    } catch (error) {
      return { status: 500, jsonBody: { error: error.message } };
    }
  },
});

app.timer('nightly', {
  ...client,
  schedule: '%NIGHTLY_SCHEDULE%',
  handler: async (timer, context) => {
    const id = await df.getClient(context).startNew('fanOut', { instanceId: 'nightly', input: { width: 3 } });
    if (process.env.LEDGER) {
      appendFileSync(process.env.LEDGER, `timer ${id} ${timer.isPastDue}\n`);
    }
  },
});

app.hook.appStart(() => {
  process.env.HOOKS_SEEN = 'appStart';
});

app.hook.preInvocation((context) => {
  context.hookData.name = context.invocationContext.functionName;
});

app.hook.postInvocation((context) => {
  if (context.hookData.name === 'open' && context.result === undefined) {
    context.result = { status: 200, body: `${process.env.HOOKS_SEEN} and the rest` };
  }
});
