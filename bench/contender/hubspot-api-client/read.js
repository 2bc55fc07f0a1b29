// HubSpot's own client for Node. A third argument, "unlimited", lifts its limiter's 9 requests a second.
const { Client } = require("@hubspot/api-client");

const [baseUrl, properties, limiter] = process.argv.slice(2);

async function read() {
  const client = new Client({
    accessToken: "pat-bench",
    basePath: baseUrl,
    ...(limiter === "unlimited" && { limiterOptions: { minTime: 0 } }),
  });
  const { basicApi } = client.crm.contacts;
  if (!baseUrl) return;

  let count = 0;
  let length = 0;
  let after;
  do {
    const page = await basicApi.getPage(100, after, properties.split(","));
    for (const contact of page.results) {
      count += 1;
      length += contact.properties.email.length;
    }
    after = page.paging?.next?.after;
  } while (after);
  console.log(count, length);
}

read();
