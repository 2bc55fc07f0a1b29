// MadKudu's client for Node. A third argument, "unlimited", lifts its limiter's 9 requests a second.
const Hubspot = require("hubspot");

const [baseUrl, properties, limiter] = process.argv.slice(2);

async function read() {
  const client = new Hubspot({
    accessToken: "pat-bench",
    baseUrl,
    ...(limiter === "unlimited" && { limiter: { minTime: 0 } }),
  });
  if (!baseUrl) return;

  let count = 0;
  let length = 0;
  let page = { "vid-offset": 0 };
  do {
    page = await client.contacts.get({ count: 100, vidOffset: page["vid-offset"], property: properties.split(",") });
    for (const contact of page.contacts) {
      count += 1;
      length += contact.properties.email.value.length;
    }
  } while (page["has-more"]);
  console.log(count, length);
}

read();
