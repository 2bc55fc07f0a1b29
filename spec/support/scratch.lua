-- Folders for the files of specs: in memory where a machine has that, so that what is made durable waits for no disk.

local scratch = {}

local function path_of(command)
  local pipe = assert(io.popen(command))
  local path = pipe:read "*l"
  pipe:close()
  return assert(path, "mktemp made no folder")
end

--- Makes a folder, and gives its path.
function scratch.folder() return path_of "mktemp -d /dev/shm/hubspot-spec.XXXXXX 2>/dev/null || mktemp -d" end

--- Makes one on the disk: for what is large, or measured.
function scratch.folder_on_disk() return path_of "mktemp -d" end

--- Removes a folder with all that is in it.
function scratch.remove(folder) os.execute(("rm -rf '%s'"):format(folder)) end

--- A path of a file that is not there yet, in a folder of its own.
function scratch.path(name) return scratch.folder() .. "/" .. name end

--- Removes the folder of such a path.
function scratch.remove_folder_of(path) scratch.remove(path:match "^(.*)/") end

return scratch
