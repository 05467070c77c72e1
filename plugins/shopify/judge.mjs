// Reads cases from standard input and says of each what Shopify's own library thinks of it.
import '@shopify/shopify-api/adapters/node';
import {LogSeverity, shopifyApi} from '@shopify/shopify-api';

const text = async () => {
  let read = '';
  for await (const piece of process.stdin) read += piece;
  return read;
};
const {client, secret, cases} = JSON.parse(await text());
const shopify = shopifyApi({
  apiKey: client, apiSecretKey: secret, scopes: [], hostName: 'thanks.example',
  apiVersion: '2026-07', isEmbeddedApp: true, logger: {level: LogSeverity.Error, log: () => {}},
});

const judges = {
  webhook: async ({body, headers}) => {
    const rawRequest = {method: 'POST', url: '/hooks', headers};
    return (await shopify.webhooks.validate({rawBody: body, rawRequest})).valid;
  },
  proxy: ({query}) => shopify.utils.validateHmac(grouped(query), {signator: 'appProxy'}),
  granted: ({query}) => shopify.utils.validateHmac(Object.fromEntries(query)),
  session: async ({token}) => Boolean(await shopify.session.decodeSessionToken(token)),
};

function grouped(query) {
  const found = {};
  for (const [name, value] of query) {
    found[name] = name in found ? [].concat(found[name], value) : value;
  }
  return found;
}

const verdicts = [];
for (const one of cases) {
  try {
    verdicts.push(one.kind in judges ? await judges[one.kind](one) : null);
  } catch {
    verdicts.push(false);
  }
}
process.stdout.write(JSON.stringify(verdicts));
