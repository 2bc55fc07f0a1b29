--- The properties that each type of CRM object starts with, besides those that all have.
--
-- A row: name, label, type, fieldType, then `options` (label and value each), `read_only`, `unique`, and `read_scope`,
-- the scope without which no value is shown. The options of
-- pipelines and stages are those of the portal's pipelines.

local function texts(...)
  local rows = {}
  for index, name in ipairs { ... } do
    local label = name:gsub("^hs_", ""):gsub("_", " "):gsub("^%l", string.upper)
    rows[index] = { name, label, "string", "text" }
  end
  return rows
end

local function with(rows, ...)
  for _, row in ipairs { ... } do
    rows[#rows + 1] = row
  end
  return rows
end

local function same(...)
  local options = {}
  for index, value in ipairs { ... } do
    options[index] = { value, value }
  end
  return options
end

local function choice(name, label, ...) return { name, label, "enumeration", "select", options = same(...) } end

local function number(name, label) return { name, label, "number", "number" } end

local function moment(name, label) return { name, label, "datetime", "date" } end

local function pipeline(name) return { name, "Pipeline", "enumeration", "select", options = {} } end

local function stage(name) return { name, "Stage", "enumeration", "select", options = {} } end

local function activity(...)
  return with(
    texts(...),
    moment("hs_timestamp", "Activity date"),
    { "hs_attachment_ids", "Attachments", "string", "text" },
    { "hs_body_preview", "Body preview", "string", "text", read_only = true }
  )
end

local function staged(...) return with(texts(...), pipeline "hs_pipeline", stage "hs_pipeline_stage") end

return {
  companies = with(
    texts("name", "domain", "website", "phone", "address", "city", "state", "zip", "country", "description"),
    choice("industry", "Industry", "COMPUTER_SOFTWARE", "FINANCIAL_SERVICES", "RETAIL", "HOSPITAL_HEALTH_CARE"),
    choice("type", "Type", "PROSPECT", "PARTNER", "RESELLER", "VENDOR", "OTHER"),
    choice(
      "lifecyclestage",
      "Lifecycle Stage",
      "subscriber",
      "lead",
      "marketingqualifiedlead",
      "salesqualifiedlead",
      "opportunity",
      "customer",
      "evangelist",
      "other"
    ),
    number("numberofemployees", "Number of Employees"),
    number("annualrevenue", "Annual Revenue"),
    { "founded_year", "Year Founded", "string", "text" }
  ),
  deals = with(
    texts("dealname", "description"),
    number("amount", "Amount"),
    number("hs_priority_score", "Priority score"),
    moment("closedate", "Close Date"),
    pipeline "pipeline",
    stage "dealstage",
    choice("dealtype", "Deal Type", "newbusiness", "existingbusiness"),
    choice("hs_priority", "Priority", "low", "medium", "high"),
    choice("deal_currency_code", "Currency", "USD", "EUR")
  ),
  tickets = with(
    texts("subject", "content"),
    pipeline "hs_pipeline",
    stage "hs_pipeline_stage",
    choice("hs_ticket_priority", "Priority", "LOW", "MEDIUM", "HIGH", "URGENT"),
    choice("hs_ticket_category", "Category", "PRODUCT_ISSUE", "BILLING_ISSUE", "FEATURE_REQUEST", "GENERAL_INQUIRY"),
    choice("source_type", "Source", "CHAT", "EMAIL", "FORM", "PHONE"),
    moment("closed_date", "Close date"),
    { "hs_ticket_id", "Ticket ID", "number", "number", read_only = true }
  ),
  products = with(
    texts("name", "description", "hs_sku", "hs_folder", "hs_url", "hs_images"),
    number("price", "Unit price"),
    number("hs_cost_of_goods_sold", "Unit cost"),
    choice("hs_product_type", "Product type", "inventory", "non_inventory", "service"),
    choice("recurringbillingfrequency", "Billing frequency", "weekly", "monthly", "quarterly", "annually")
  ),
  line_items = with(
    texts("name", "description", "hs_sku", "hs_product_id", "hs_recurring_billing_period"),
    number("quantity", "Quantity"),
    number("price", "Unit price"),
    number("amount", "Net price"),
    number("discount", "Unit discount"),
    number("hs_discount_percentage", "Discount percentage"),
    choice("hs_line_item_currency_code", "Currency", "USD", "EUR"),
    choice("recurringbillingfrequency", "Billing frequency", "weekly", "monthly", "quarterly", "annually")
  ),
  quotes = with(
    texts("hs_title", "hs_quote_number", "hs_language", "hs_comments", "hs_terms", "hs_public_url_key"),
    moment("hs_expiration_date", "Expiration date"),
    choice("hs_currency", "Currency", "USD", "EUR"),
    choice("hs_status", "Status", "DRAFT", "APPROVAL_NOT_NEEDED", "PENDING_APPROVAL", "APPROVED", "REJECTED")
  ),
  communications = with(
    activity "hs_communication_body",
    choice("hs_communication_channel_type", "Channel", "WHATS_APP", "LINKEDIN_MESSAGE", "SMS", "CUSTOM_CHANNEL"),
    choice("hs_communication_logged_from", "Logged from", "CRM")
  ),
  feedback_submissions = with(
    texts("hs_submission_name", "hs_content", "hs_survey_name"),
    number("hs_value", "Rating"),
    moment("hs_submission_timestamp", "Submitted")
  ),
  tasks = with(
    activity("hs_task_subject", "hs_task_body"),
    choice("hs_task_status", "Status", "NOT_STARTED", "IN_PROGRESS", "WAITING", "COMPLETED", "DEFERRED"),
    choice("hs_task_priority", "Priority", "NONE", "LOW", "MEDIUM", "HIGH"),
    choice("hs_task_type", "Type", "TODO", "EMAIL", "CALL")
  ),
  notes = activity "hs_note_body",
  meetings = with(
    activity("hs_meeting_title", "hs_meeting_body", "hs_internal_meeting_notes", "hs_meeting_location"),
    moment("hs_meeting_start_time", "Start"),
    moment("hs_meeting_end_time", "End"),
    choice("hs_meeting_outcome", "Outcome", "SCHEDULED", "COMPLETED", "RESCHEDULED", "NO_SHOW", "CANCELED")
  ),
  calls = with(
    activity("hs_call_title", "hs_call_body", "hs_call_from_number", "hs_call_to_number", "hs_call_recording_url"),
    number("hs_call_duration", "Duration"),
    choice("hs_call_direction", "Direction", "INBOUND", "OUTBOUND"),
    choice("hs_call_status", "Status", "BUSY", "CANCELED", "COMPLETED", "FAILED", "NO_ANSWER", "QUEUED")
  ),
  emails = with(
    activity("hs_email_subject", "hs_email_headers"),
    { "hs_email_text", "Text body", "string", "textarea", read_scope = "sales-email-read" },
    { "hs_email_html", "HTML body", "string", "html", read_scope = "sales-email-read" },
    choice("hs_email_direction", "Direction", "EMAIL", "INCOMING_EMAIL", "FORWARDED_EMAIL", "DRAFT_EMAIL"),
    choice("hs_email_status", "Status", "BOUNCED", "FAILED", "SCHEDULED", "SENDING", "SENT")
  ),
  invoices = with(
    texts("hs_title", "hs_number", "hs_comments"),
    choice("hs_currency", "Currency", "USD", "EUR"),
    choice("hs_invoice_status", "Status", "draft", "open", "paid", "voided"),
    moment("hs_invoice_date", "Invoice date"),
    moment("hs_due_date", "Due date"),
    number("hs_amount_billed", "Amount billed")
  ),
  subscriptions = with(
    texts("hs_name", "hs_status"),
    choice("hs_currency_code", "Currency", "USD", "EUR"),
    moment("hs_start_date", "Start")
  ),
  goal_targets = with(texts("hs_goal_name", "hs_created_by_user_id"), number("hs_target_amount", "Target")),
  discounts = with(texts("hs_label", "hs_type"), number("hs_value", "Value")),
  fees = with(texts("hs_label", "hs_type"), number("hs_value", "Value")),
  taxes = with(texts("hs_label", "hs_type"), number("hs_value", "Value")),
  commerce_payments = with(
    texts("hs_currency_code", "hs_customer_email", "hs_latest_status"),
    number("hs_initial_amount", "Amount"),
    moment("hs_initiated_date", "Initiated")
  ),
  users = texts("hs_given_name", "hs_family_name", "hs_email", "hs_job_title", "hs_internal_user_id"),
  postal_mail = activity "hs_postal_mail_body",
  orders = with(
    staged("hs_order_name", "hs_external_order_id", "hs_shipping_address_city"),
    choice("hs_currency_code", "Currency", "USD", "EUR"),
    number("hs_total_price", "Total")
  ),
  leads = with(
    staged "hs_lead_name",
    choice("hs_lead_type", "Type", "NEW_BUSINESS", "UPSELL", "RE_ATTEMPTING"),
    choice("hs_lead_label", "Label", "WARM", "HOT", "COLD")
  ),
  carts = with(
    texts("hs_cart_name", "hs_cart_url", "hs_external_cart_id"),
    choice("hs_currency_code", "Currency", "USD", "EUR"),
    number("hs_total_price", "Total")
  ),
  services = with(
    staged("hs_name", "hs_description"),
    number("hs_total_cost", "Cost"),
    moment("hs_start_date", "Start")
  ),
  courses = with(staged("hs_course_name", "hs_course_id"), number("hs_enrollment_capacity", "Capacity")),
  listings = with(
    staged("hs_name", "hs_address_1", "hs_city"),
    number("hs_price", "Price"),
    number("hs_bedrooms", "Bedrooms")
  ),
  appointments = with(
    staged "hs_appointment_name",
    moment("hs_appointment_start", "Start"),
    moment("hs_appointment_end", "End")
  ),
  projects = with(staged("hs_name", "hs_description"), moment("hs_start_date", "Start")),
  marketing_events = with(texts("hs_event_name", "hs_event_description"), moment("hs_start_datetime", "Start")),
  partner_clients = texts("hs_name", "hs_domain"),
  partner_services = texts("hs_name", "hs_deliverable"),
  contracts = with(texts("hs_name", "hs_status"), number("hs_amount", "Amount")),
}
