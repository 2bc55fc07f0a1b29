-- A first look at HubSpot from Lua.
--
-- With HUBSPOT_TOKEN set it reads your account, and writes nothing. Without it, it reads and writes in the sandbox at
-- HUBSPOT_BASE_URL, which `make demo` starts.
--
-- To try it without an account:
--
--     hubspot-lua sandbox --port 8081 --contacts 1000 &
--     HUBSPOT_BASE_URL=http://127.0.0.1:8081 lua5.4 examples/quickstart.lua

package.path = (arg[0]:match "^.*[/\\]" or "") .. "?.lua;" .. package.path

local connect = require "connect"

local check = connect.check

local function full_name(contact)
  local properties = contact.properties
  local name = ("%s %s"):format(properties.firstname or "", properties.lastname or "")
  return name:match "^%s*(.-)%s*$"
end

local function print_contact(contact)
  print(("  %-8s %s <%s>"):format(contact.id, full_name(contact), contact.properties.email or "no e-mail address"))
end

local function show_an_error(client)
  local contact, err = client.contacts:get_by_email "nobody@example.invalid"
  if contact or err.status ~= 404 then error(err or "somebody has nobody's address", 0) end
  print "A contact that does not exist:"
  print(("  %s: %s"):format(err.kind, err.message))
end

local function read_account(client)
  print "Contacts:"
  for contact in client.contacts:all { properties = { "email", "firstname", "lastname" }, max = 5 } do
    print_contact(contact)
  end

  print "Lists:"
  for list in client.lists:all { max = 5 } do
    print(("  %-8s %s, %s, %s contacts"):format(list.listId, list.name, list.processingType:lower(), list.size or "?"))
  end

  show_an_error(client)
end

-- Creates a contact, or finds the one that is there already: the error of a conflict has its id.
local function create_or_find(client, properties)
  local contact, err = client.contacts:create(properties)
  if contact then return contact end
  if not err.existing_id then error(err, 0) end
  print(("  %s: the id is %s"):format(err.category, err.existing_id))
  return check(client.contacts:get(err.existing_id, { properties = { "email", "firstname", "lastname" } }))
end

local function write_contacts(client)
  local ada = { email = "ada@example.org", firstname = "Ada", lastname = "Lovelace" }
  print "Create a contact, and try to create it again:"
  print_contact(create_or_find(client, ada))
  local contact = create_or_find(client, ada)

  local upserted = check(client.contacts:upsert("ada@example.org", { jobtitle = "Analyst", city = "London" }))
  print(("Upsert by e-mail address: %s %s"):format(upserted.new and "created" or "updated", upserted.id))
  return contact
end

local function search_contacts(client)
  print 'Search for "weber":'
  local found = {}
  for contact in client.contacts:search("weber", { properties = { "email", "firstname", "lastname" }, max = 3 }) do
    print_contact(contact)
    found[#found + 1] = contact.id
  end
  return found
end

local function count_contacts(client)
  local count, pages = 0, 0
  for page in client.contacts:all({ properties = { "email" } }):pages() do
    count, pages = count + #page, pages + 1
  end
  print(("Page through all contacts: %d in %d pages"):format(count, pages))
end

local function fill_list(client, ids)
  local list = check(client.lists:create { name = "Quickstart " .. os.date "%Y-%m-%d %H:%M:%S" })
  local change = check(client.lists:add(list.listId, { ids = ids, emails = { "nobody@example.invalid" } }))
  print(
    ("List %s, %q: %d added, %s is not in HubSpot"):format(
      list.listId,
      list.name,
      #change.added,
      table.concat(change.missing_emails, ", ")
    )
  )
  print "The list, read back:"
  for contact in client.lists:contacts(list.listId, { properties = { "email", "firstname", "lastname" } }) do
    print_contact(contact)
  end
end

local function use_sandbox(client)
  local contact = write_contacts(client)
  local ids = search_contacts(client)
  count_contacts(client)
  ids[#ids + 1] = contact.id
  fill_list(client, ids)
  show_an_error(client)
end

connect.run(function()
  connect.arguments("quickstart.lua", {})
  local client, _, is_sandbox = connect.open()
  if is_sandbox then
    use_sandbox(client)
  else
    read_account(client)
  end
end)
