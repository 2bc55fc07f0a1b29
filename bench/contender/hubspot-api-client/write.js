// HubSpot's own client for Node: writes companies, 100 a call, with its limiter lifted. A third argument is "create" or
// "upsert", a fourth the number of rows to write, a sixth the number of rows to make. It keeps all results, as the batch
// calls that it is compared with give all of them.
const { Client } = require("@hubspot/api-client");

const [baseUrl, , kind, rows, , made] = process.argv.slice(2);

const ROWS_A_CALL = 100;

function propertiesOf(index) {
  return {
    name: `Company ${index}`,
    domain: `company${index}.example.com`,
    address: `${index} Mill Lane`,
    address2: "Second floor",
    annualrevenue: `${10000 * (index % 100)}`,
    city: "Utrecht",
    country: "Netherlands",
    description: "Head of procurement, region 7",
    founded_year: "1987",
    hs_lead_status: "IN_PROGRESS",
    industry: "COMPUTER_SOFTWARE",
    is_public: "false",
    lifecyclestage: "opportunity",
    numberofemployees: `${index % 500}`,
    phone: `+31 20 ${index}`,
    state: "Utrecht",
    timezone: "Europe/Amsterdam",
    type: "PROSPECT",
    website: `https://www.company${index}.example.com/`,
    zip: `${String(index % 10000).padStart(4, "0")} AB`,
  };
}

async function write() {
  const client = new Client({ accessToken: "pat-bench", basePath: baseUrl, limiterOptions: { minTime: 0 } });
  const { batchApi } = client.crm.companies;
  const all = [];
  for (let index = 1; index <= Number(made); index += 1) {
    const properties = propertiesOf(index);
    all.push(
      kind === "upsert" ? { id: `A${index}`, idProperty: "account_number", properties } : { properties, associations: [] },
    );
  }
  const results = [];
  for (let first = 0; first < Number(rows); first += ROWS_A_CALL) {
    const answer = await batchApi[kind]({ inputs: all.slice(first, Math.min(first + ROWS_A_CALL, Number(rows))) });
    results.push(...answer.results);
  }
  console.log(Number(rows) - results.length, 0);
}

write();
