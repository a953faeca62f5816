// What an application does with @wazo/sdk, unchanged: logs in, reads and changes its user, logs out.
// The SDK speaks HTTPS to a host; here its requests go to the plain port.
'use strict';

const assert = require('node:assert/strict');

const { CORDBOARD_SDK, SERVER, NAME, PASSWORD } = process.env;
const seen = [];
const send = globalThis.fetch;
globalThis.fetch = async (url, options) => {
  const address = String(url).replace(/^https:/, 'http:');
  const answer = await send(address, options);
  seen.push(`${(options?.method ?? 'get').toUpperCase()} ${new URL(address).pathname} ${answer.status}`);
  return answer;
};

// Events come over a WebSocket, which Node.js has from release 22 on and which is no part of this.
globalThis.WebSocket = class extends EventTarget {
  static CLOSING = 2;

  close() {}

  send() {}
};

const sdk = require(`${CORDBOARD_SDK}/dist/wazo-sdk.js`);
const Wazo = sdk.default ?? sdk;

const status = async (promise) => promise.then(() => 200, (error) => error.status);

async function main() {
  Wazo.Auth.init('cordboard-tests', 3600);
  Wazo.Auth.setHost(SERVER);
  const client = Wazo.getApiClient(SERVER).auth;
  assert.equal(await status(Wazo.Auth.logIn(NAME, 'wrong')), 401);
  const session = await Wazo.Auth.logIn(NAME, PASSWORD);
  assert.ok(session.token && session.refreshToken, 'a token and a refresh token');
  assert.ok(await client.checkToken(session.token), 'the token is valid');

  const user = await Wazo.confd.getUser(session.uuid);
  assert.equal(user.id, session.uuid);
  assert.equal(user.firstName, 'Ada');
  assert.equal(session.profile.lines.length, 1);
  assert.ok(session.profile.sipLines[0], 'the SIP account of the line');

  await Wazo.confd.updateUser(session.uuid, {
    firstName: 'Augusta', lastName: 'Lovelace', email: 'ada@example.com', mobileNumber: '0601020304',
  });
  const changed = await Wazo.confd.getUser(session.uuid);
  assert.deepEqual([changed.firstName, changed.lastName], ['Augusta', 'Lovelace']);

  await Wazo.confd.updateForwardOption(session.uuid, 'busy', '1002', true);
  await Wazo.confd.updateDoNotDisturb(session.uuid, true);
  const switched = await Wazo.confd.getUser(session.uuid);
  const busy = switched.forwards.find((forward) => forward.key === 'busy');
  assert.deepEqual([busy.destination, busy.enabled, switched.doNotDisturb], ['1002', true, true]);

  const scopes = await client.getRestrictionPolicies(['confd.users.me.read', 'confd.users.read']);
  assert.deepEqual(scopes.scopes, { 'confd.users.me.read': true, 'confd.users.read': false });

  const refreshed = await client.refreshToken(session.refreshToken, null, 3600);
  assert.equal(refreshed.uuid, session.uuid);

  await client.updatePassword(session.uuid, PASSWORD, 'other-secret');
  const again = await Wazo.Auth.logIn(NAME, 'other-secret');
  await Wazo.Auth.logout();
  assert.ok(!(await client.checkToken(again.token)), 'the token has ended');
}

main().then(
  () => {
    console.log(JSON.stringify(seen));
    // The SDK's timers would go on.
    process.exit(0);
  },
  (error) => {
    console.error(error, seen.join('\n'));
    process.exit(1);
  },
);
