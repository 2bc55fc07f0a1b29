-- Introductions of the resources in the reference: a title, a text, the guide, and the scopes.

return {
  guides = {
    ["getting-started"] = "getting started",
    contacts = "contacts",
    objects = "CRM objects",
    associations = "associations",
    properties = "properties",
    pipelines = "pipelines",
    lists = "lists",
    timeline = "timeline events",
    email = "e-mail",
    values = "values",
    sync = "sync",
    errors = "errors",
    ["limits-and-retries"] = "limits and retries",
    oauth = "OAuth",
    ["cqueues-and-luv"] = "cqueues and luv",
    testing = "testing",
  },
  things = {
    client = "`hubspot.new` and its options, `client:request`, `client:map`, hooks, `hubspot.verify_request`",
    iterator = "`next`, `pages`, `cursor`",
    errors = "kinds and fields",
    oauth = "`hubspot.oauth`, and tokens that processes share",
    limiters = "in memory, in a file, in nginx, in Redis",
    loops = "plain, nginx, cqueues, luv, frame",
    sandbox = "`hubspot.sandbox`, its options, faults and control",
  },
  contacts = {
    title = "people: read, write, search, merge",
    text = "Contacts: reads by id, address or cookie, one or many at a time; writes; search; all of them, in pages or in "
      .. "parallel.",
    guide = "contacts",
    scopes = "`crm.objects.contacts.read`, `crm.objects.contacts.write`",
  },
  objects = {
    heading = "CRM objects",
    title = "companies, deals, tickets and every other type of records",
    text = [[
Every type of records has the same methods: `client.companies`, `client.deals` and the others of this table, and contacts,
which have [a page of their own](contacts.md). `client:objects(name)` gives the methods of any other type by its name or
its id, such as `client:objects "2-3465404"` or `client:objects "p99001_machines"` of a type that your account made. A
method that HubSpot does not have for a type throws, and says which types have it.

There is no v1 form of these: with `api_version = "v1"`, too, they take HubSpot's current API.]],
    guide = "objects",
    scopes = "by type, above",
  },
  deal_splits = {
    title = "how owners share a deal",
    text = "Splits of deals among owners. HubSpot has them by deal, not one by one: a deal's are read together, and written "
      .. 'together. The account must have deal splits switched on. A split is a record: `client:objects "deal_split"` '
      .. "searches them.",
    guide = "objects",
    scopes = "`crm.dealsplits.read_write`",
  },
  associations = {
    title = "which records belong together, and labels of that",
    text = "Associations between records of any two types, their labels, and how many there may be.",
    guide = "associations",
    scopes = "those of both types",
  },
  properties = {
    title = "definitions of the properties of any type",
    text = "Definitions of properties: what they are called, and which values they take. Of contacts, where the option "
      .. "`object_type` does not say otherwise.",
    guide = "properties",
    scopes = "`crm.objects.contacts.read` or `crm.schemas.contacts.read`, writes `crm.schemas.contacts.write`; those of "
      .. "another type for its properties",
  },
  pipelines = {
    title = "pipelines and their stages",
    text = "Pipelines of deals, tickets and other types, with their stages. HubSpot answers a write with an echo of the "
      .. "request, so each write is read back: it gives what HubSpot has afterwards.",
    guide = "pipelines",
    scopes = "those of the type, or `crm.schemas.deals.read`, `crm.schemas.deals.write` and so on",
  },
  owners = {
    title = "the people that records belong to",
    text = "Owners: the property `hubspot_owner_id` of a record holds the id of one.",
    guide = "objects",
    scopes = "`crm.objects.owners.read`",
  },
  schemas = {
    title = "types of records that your account made",
    text = "Definitions of types of records. An account with HubSpot Enterprise may make its own.",
    guide = "objects",
    scopes = "`crm.schemas.custom.read`, `crm.schemas.custom.write`",
  },
  account = {
    title = "what the account is, what it has used of its limits, and what the token may do",
    text = "The account of the client's token.",
    guide = "limits-and-retries",
    scopes = "`oauth`, which every token has; `limits` needs one of `crm.objects.….read`, too",
  },
  lists = {
    title = "lists and who is in them",
    text = "Lists of records of any type, static ones and those that fill themselves, and their members.",
    guide = "lists",
    scopes = "`crm.lists.read`, `crm.lists.write`, and those of the type",
  },
  timeline = {
    title = "what happened in your application, on a contact's timeline",
    text = "Events of your application on the timelines of contacts, and the types of such events.",
    guide = "timeline",
    scopes = "`timeline`, with the OAuth token of an account that installed the app; types take the developer key",
  },
  campaigns = {
    title = "e-mail campaigns and their counters",
    text = "E-mail campaigns, those that were active lately or all, and the counters of each.",
    guide = "email",
    scopes = "`content`",
  },
  email_events = {
    title = "what happened to each e-mail",
    text = "What happened to each e-mail: sent, delivered, opened, clicked, bounced and more.",
    guide = "email",
    scopes = "`content`",
  },
  subscriptions = {
    title = "who wants which e-mails",
    text = "Types of e-mail subscriptions, the choices of an address, and how they changed.",
    guide = "email",
    scopes = "`communication_preferences.read_write`, or `communication_preferences.read` to look only; `changes` needs "
      .. "`content`",
  },
  transactional = {
    title = "single e-mails, and tokens of the SMTP API",
    text = "Sends an e-mail that was made in HubSpot to one address, and manages tokens of HubSpot's SMTP API.",
    guide = "email",
    scopes = "`transactional-email`",
  },
}
