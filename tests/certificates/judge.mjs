// What Digital Bazaar's libraries say of a credential. They are installed by
//   npm install @digitalbazaar/vc@7 @digitalbazaar/data-integrity@2 @digitalbazaar/eddsa-rdfc-2022-cryptosuite@1
// and LMS_NODE_MODULES names that node_modules. Nothing is fetched: all that may be asked for is given.
import { readFileSync } from "node:fs";
import { DataIntegrityProof } from "@digitalbazaar/data-integrity";
import { cryptosuite } from "@digitalbazaar/eddsa-rdfc-2022-cryptosuite";
import { verifyCredential } from "@digitalbazaar/vc";

const { credential, keys, contexts } = JSON.parse(readFileSync(process.argv[2], "utf8"));
const known = { ...contexts, [keys.id]: keys };
for (const method of keys.verificationMethod) known[method.id] = { "@context": "https://w3id.org/security/multikey/v1", ...method };

const result = await verifyCredential({
  credential,
  suite: new DataIntegrityProof({ cryptosuite }),
  checkStatus: async () => ({ verified: true }),
  documentLoader: async (url) => {
    if (!(url in known)) throw new Error(`nobody gave ${url}`);
    return { contextUrl: null, document: known[url], documentUrl: url };
  },
});
console.log(JSON.stringify({ verified: result.verified, errors: result.error?.errors?.map(String) ?? String(result.error) }));
