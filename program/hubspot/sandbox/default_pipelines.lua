--- The pipelines that a portal starts with, by the type of objects: an id, a label, and stages (id, label, metadata).

local LIFECYCLE = {
  { "subscriber", "Subscriber" },
  { "lead", "Lead" },
  { "marketingqualifiedlead", "Marketing Qualified Lead" },
  { "salesqualifiedlead", "Sales Qualified Lead" },
  { "opportunity", "Opportunity" },
  { "customer", "Customer" },
  { "evangelist", "Evangelist" },
  { "other", "Other" },
}

local function deal(id, label, probability)
  local is_closed = probability == "0.0" or probability == "1.0"
  return { id, label, { probability = probability, isClosed = tostring(is_closed) } }
end

local function ticket(id, label, state)
  return { id, label, { ticketState = state, isClosed = tostring(state ~= "OPEN") } }
end

local function steps(prefix)
  return { { prefix .. "-new", "New" }, { prefix .. "-in-progress", "In progress" }, { prefix .. "-done", "Done" } }
end

return {
  contacts = { { "contacts-lifecycle-pipeline", "Lifecycle Stage Pipeline", LIFECYCLE } },
  companies = { { "companies-lifecycle-pipeline", "Lifecycle Stage Pipeline", LIFECYCLE } },
  deals = {
    {
      "default",
      "Sales Pipeline",
      {
        deal("appointmentscheduled", "Appointment Scheduled", "0.2"),
        deal("qualifiedtobuy", "Qualified To Buy", "0.4"),
        deal("presentationscheduled", "Presentation Scheduled", "0.6"),
        deal("decisionmakerboughtin", "Decision Maker Bought-In", "0.8"),
        deal("contractsent", "Contract Sent", "0.9"),
        deal("closedwon", "Closed Won", "1.0"),
        deal("closedlost", "Closed Lost", "0.0"),
      },
    },
  },
  tickets = {
    {
      "0",
      "Support Pipeline",
      {
        ticket("1", "New", "OPEN"),
        ticket("2", "Waiting on contact", "OPEN"),
        ticket("3", "Waiting on us", "OPEN"),
        ticket("4", "Closed", "CLOSED"),
      },
    },
  },
  orders = { { "orders-pipeline", "Order Pipeline", steps "order" } },
  leads = { { "lead-pipeline-id", "Lead pipeline", steps "lead" } },
  services = { { "services-pipeline", "Service Pipeline", steps "service" } },
  courses = { { "courses-pipeline", "Course Pipeline", steps "course" } },
  listings = { { "listings-pipeline", "Listing Pipeline", steps "listing" } },
  appointments = { { "appointments-pipeline", "Appointment Pipeline", steps "appointment" } },
  projects = { { "projects-pipeline", "Project Pipeline", steps "project" } },
}
