-- Timeline events of an application, their types, and the properties of these.

local merge = require "hubspot.merge"
local timeline_events = require "hubspot.resource.timeline_events"
local timeline_types = require "hubspot.resource.timeline_types"

return merge { timeline_types, timeline_events }
