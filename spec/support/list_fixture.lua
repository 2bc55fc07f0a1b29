-- Lists of contacts, for the specs that read and change them.

local list_fixture = {}

--- The filters of a list, as HubSpot writes them.
list_fixture.BRANCH = {
  filterBranchType = "OR",
  filterBranchOperator = "OR",
  filters = {},
  filterBranches = {
    {
      filterBranchType = "AND",
      filterBranchOperator = "AND",
      filterBranches = {},
      filters = {
        {
          filterType = "PROPERTY",
          property = "firstname",
          operation = {
            operationType = "MULTISTRING",
            operator = "IS_EQUAL_TO",
            values = { "Ada" },
            includeObjectsWithNoValueSet = false,
          },
        },
      },
    },
  },
}

--- Creates a list.
-- @tparam table here a fixture
-- @tparam string name
-- @tparam ?table definition
-- @treturn string its id
-- @treturn string its id on v1, which is another list's on the dated API
function list_fixture.create(here, name, definition)
  local server, clients = here.server, here.clients
  definition = definition or {}
  definition.name = name
  local id = assert(clients.current.lists:create(definition)).listId
  for list in clients.v1.lists:all() do
    if list.name == name then
      server:clear_requests()
      return id, list.listId
    end
  end
end

return list_fixture
