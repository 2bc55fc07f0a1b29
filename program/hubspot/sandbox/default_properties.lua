--- The contact properties that the sandbox's portals start with: a choice of HubSpot's own and some of a customer's.

local BOOLEAN = { { "Yes", "true" }, { "No", "false" } }

local LIFECYCLE_STAGES = {
  { "Subscriber", "subscriber" },
  { "Lead", "lead" },
  { "Marketing Qualified Lead", "marketingqualifiedlead" },
  { "Sales Qualified Lead", "salesqualifiedlead" },
  { "Opportunity", "opportunity" },
  { "Customer", "customer" },
  { "Evangelist", "evangelist" },
  { "Other", "other" },
}

local LEAD_STATUSES = {
  { "New", "NEW" },
  { "Open", "OPEN" },
  { "In Progress", "IN_PROGRESS" },
  { "Open Deal", "OPEN_DEAL" },
  { "Unqualified", "UNQUALIFIED" },
  { "Attempted to Contact", "ATTEMPTED_TO_CONTACT" },
  { "Connected", "CONNECTED" },
  { "Bad Timing", "BAD_TIMING" },
}

local SOURCES = {
  { "Organic Search", "ORGANIC_SEARCH" },
  { "Paid Search", "PAID_SEARCH" },
  { "Email Marketing", "EMAIL_MARKETING" },
  { "Organic Social", "SOCIAL_MEDIA" },
  { "Referrals", "REFERRALS" },
  { "Direct Traffic", "DIRECT_TRAFFIC" },
  { "Offline Sources", "OFFLINE" },
}

local INTERESTS = {
  { "Newsletter", "newsletter" },
  { "Webinars", "webinars" },
  { "Product news", "product_news" },
  { "Training", "training" },
}

-- name, label, type, fieldType, then what is out of the ordinary.
local ROWS = {
  { "email", "Email", "string", "text", unique = true },
  { "firstname", "First Name", "string", "text" },
  { "lastname", "Last Name", "string", "text" },
  { "phone", "Phone Number", "string", "phonenumber" },
  { "mobilephone", "Mobile Phone Number", "string", "phonenumber" },
  { "fax", "Fax Number", "string", "text" },
  { "company", "Company Name", "string", "text" },
  { "website", "Website URL", "string", "text" },
  { "jobtitle", "Job Title", "string", "text" },
  { "salutation", "Salutation", "string", "text" },
  { "address", "Street Address", "string", "text" },
  { "city", "City", "string", "text" },
  { "state", "State/Region", "string", "text" },
  { "zip", "Postal Code", "string", "text" },
  { "country", "Country/Region", "string", "text" },
  { "industry", "Industry", "string", "text" },
  { "annualrevenue", "Annual Revenue", "number", "number" },
  {
    "numemployees",
    "Number of Employees",
    "enumeration",
    "select",
    options = {
      { "1-5", "1-5" },
      { "5-25", "5-25" },
      { "25-50", "25-50" },
      { "50-100", "50-100" },
      { "100-500", "100-500" },
      { "500-1000", "500-1000" },
      { "1000+", "1000+" },
    },
  },
  { "message", "Message", "string", "textarea" },
  { "notes", "Notes", "string", "textarea", custom = true },
  { "date_of_birth", "Date of birth", "string", "text" },
  {
    "hs_language",
    "Preferred language",
    "enumeration",
    "select",
    options = { { "English", "en" }, { "German", "de" }, { "French", "fr" }, { "Spanish", "es" } },
  },
  { "hubspot_owner_id", "Contact owner", "string", "text" },
  { "hs_lead_status", "Lead Status", "enumeration", "radio", options = LEAD_STATUSES },
  { "lifecyclestage", "Lifecycle Stage", "enumeration", "radio", options = LIFECYCLE_STAGES },
  { "hs_analytics_source", "Original Traffic Source", "enumeration", "select", options = SOURCES, read_only = true },
  { "createdate", "Create Date", "datetime", "date", read_only = true },
  { "lastmodifieddate", "Last Modified Date", "datetime", "date", read_only = true },
  { "hs_object_id", "Record ID", "number", "number", read_only = true, unique = true },
  { "associatedcompanyid", "Primary Associated Company ID", "number", "number" },
  { "hs_additional_emails", "Additional email addresses", "enumeration", "checkbox", read_only = true, options = {} },
  { "hs_merged_object_ids", "Merged Contact IDs", "enumeration", "checkbox", read_only = true, options = {} },
  {
    "hs_calculated_merged_vids",
    "Merged vids with timestamps of a contact",
    "enumeration",
    "checkbox",
    read_only = true,
    options = {},
  },
  { "hs_pinned_engagement_id", "Pinned activity", "number", "number" },
  { "num_notes", "Number of Sales Activities", "number", "number", read_only = true },
  { "hubspotscore", "HubSpot Score", "number", "number", read_only = true },
  { "closedate", "Close Date", "datetime", "date" },
  { "lead_score", "Lead score", "number", "number", custom = true },
  { "contract_start", "Contract start", "date", "date", custom = true },
  { "newsletter_consent", "Newsletter consent", "bool", "booleancheckbox", custom = true, options = BOOLEAN },
  {
    "lead_tier",
    "Lead tier",
    "enumeration",
    "select",
    custom = true,
    options = { { "A", "a" }, { "B", "b" }, { "C", "c" } },
  },
  { "interests", "Interests", "enumeration", "checkbox", custom = true, options = INTERESTS },
}

-- HubSpot keeps the moment at which a contact entered each stage.
for _, stage in ipairs(LIFECYCLE_STAGES) do
  ROWS[#ROWS + 1] = {
    "hs_lifecyclestage_" .. stage[2] .. "_date",
    "Became a " .. stage[1] .. " Date",
    "datetime",
    "date",
    read_only = true,
  }
end

return ROWS
