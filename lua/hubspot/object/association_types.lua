-- HubSpot's own types of associations: the id of the one that says nothing but that two records belong together, by the
-- types that it leads from and to.

-- A row: two types, the id of the association from the first to the second, and that of the way back.
local PAIRS = {
  { "contacts", "companies", 279, 280 },
  { "contacts", "deals", 4, 3 },
  { "contacts", "tickets", 15, 16 },
  { "contacts", "contacts", 449, 449 },
  { "companies", "companies", 450, 450 },
  { "deals", "companies", 341, 342 },
  { "deals", "deals", 451, 451 },
  { "tickets", "companies", 339, 340 },
  { "tickets", "deals", 28, 27 },
  { "tickets", "tickets", 452, 452 },
  { "deals", "line_items", 19, 20 },
  { "deals", "quotes", 63, 64 },
  { "quotes", "line_items", 67, 68 },
  { "quotes", "contacts", 69, 70 },
  { "quotes", "companies", 71, 72 },
  { "quotes", "discounts", 362 },
  { "quotes", "fees", 364 },
  { "quotes", "taxes", 366 },
  { "line_items", "discounts", 368 },
  -- A lead belongs to one contact or company: without its primary association it can't be created.
  { "leads", "contacts", 578, 609 },
  { "leads", "companies", 580, 611 },
  { "leads", "deals", 1037, 1038 },
  { "orders", "contacts", 507, 508 },
  { "orders", "companies", 934, 935 },
  { "orders", "deals", 512, 511 },
  { "orders", "line_items", 513, 514 },
  { "orders", "tickets", 525, 526 },
  { "invoices", "contacts", 177, 178 },
  { "invoices", "companies", 179, 180 },
  { "invoices", "deals", 175, 176 },
  { "invoices", "line_items", 409, 410 },
  { "commerce_payments", "contacts", 387, 388 },
  { "commerce_payments", "companies", 389, 390 },
  { "commerce_payments", "deals", 391, 392 },
  { "subscriptions", "contacts", 295, 296 },
  { "subscriptions", "companies", 297, 298 },
  { "subscriptions", "deals", 299, 300 },
  { "subscriptions", "line_items", 301, 302 },
  { "carts", "contacts", 586, 587 },
  { "carts", "line_items", 590, 591 },
  { "contacts", "calls", 193, 194 },
  { "companies", "calls", 181, 182 },
  { "deals", "calls", 205, 206 },
  { "tickets", "calls", 219, 220 },
  { "leads", "calls", 596, 597 },
  { "contacts", "emails", 197, 198 },
  { "companies", "emails", 185, 186 },
  { "deals", "emails", 209, 210 },
  { "tickets", "emails", 223, 224 },
  { "leads", "emails", 598 },
  { "contacts", "meetings", 199, 200 },
  { "companies", "meetings", 187, 188 },
  { "deals", "meetings", 211, 212 },
  { "tickets", "meetings", 225, 226 },
  { "leads", "meetings", 600, 601 },
  { "contacts", "notes", 201, 202 },
  { "companies", "notes", 189, 190 },
  { "deals", "notes", 213, 214 },
  { "tickets", "notes", 227, 228 },
  { "leads", "notes", 854, 855 },
  { "contacts", "tasks", 203, 204 },
  { "companies", "tasks", 191, 192 },
  { "deals", "tasks", 215, 216 },
  { "tickets", "tasks", 229, 230 },
  { "leads", "tasks", 646, 647 },
  { "contacts", "communications", 82, 81 },
  { "companies", "communications", 88, 87 },
  { "deals", "communications", 86, 85 },
  { "tickets", "communications", 84, 83 },
  { "leads", "communications", 602, 603 },
  { "contacts", "postal_mail", 454, 453 },
  { "companies", "postal_mail", 460, 459 },
  { "deals", "postal_mail", 458, 457 },
  { "tickets", "postal_mail", 456, 455 },
}

local ids = {}

local function note(from, to, id)
  ids[from] = ids[from] or {}
  ids[from][to] = id
end

for _, pair in ipairs(PAIRS) do
  note(pair[1], pair[2], pair[3])
  note(pair[2], pair[1], pair[4])
end

--- The id of the association from a type to another that says nothing else; nil where the account has to be asked.
-- @tparam string from name of a type
-- @tparam string to
-- @treturn ?integer
return function(from, to) return ids[from] and ids[from][to] end
