rockspec_format = "3.0"
package = "hubspot"
version = "scm-1"

source = {
  -- Set when a release is made; `luarocks make` in a clone does not use it.
  url = "git+https://example.org/hubspot.git",
}

description = {
  summary = "A HubSpot client, small, exact and fast",
  detailed = [[
A client of HubSpot's API with a C core on libcurl and lua-cjson: contacts, lists and properties as tables,
iterators over every paged answer, rate limits and retries done right, and an in-memory HubSpot to test against.]],
  license = "MIT",
}

-- No upper bound on Lua: one would block installing on the next version.
dependencies = {
  "lua >= 5.1",
  "lua-cjson >= 2.1.0",
}

-- No header: LuaRocks looks for headers in /usr/include only, and Debian keeps curl's elsewhere.
external_dependencies = {
  CURL = { library = "curl" },
}

build = {
  type = "builtin",
  modules = {
    ["hubspot.core"] = {
      sources = {
        "csrc/buffer.c",
        "csrc/core.c",
        "csrc/engine.c",
        "csrc/json.c",
        "csrc/transfer.c",
        "csrc/url.c",
      },
      libraries = { "curl", "pthread", "m" },
      incdirs = { "$(CURL_INCDIR)" },
      libdirs = { "$(CURL_LIBDIR)" },
    },
    ["hubspot"] = "lua/hubspot/init.lua",
    ["hubspot.auth"] = "lua/hubspot/auth.lua",
    ["hubspot.batch"] = "lua/hubspot/batch.lua",
    ["hubspot.check"] = "lua/hubspot/check.lua",
    ["hubspot.client"] = "lua/hubspot/client.lua",
    ["hubspot.error"] = "lua/hubspot/error.lua",
    ["hubspot.id_set"] = "lua/hubspot/id_set.lua",
    ["hubspot.limiter.memory"] = "lua/hubspot/limiter/memory.lua",
    ["hubspot.loop"] = "lua/hubspot/loop/init.lua",
    ["hubspot.loop.base"] = "lua/hubspot/loop/base.lua",
    ["hubspot.loop.can_yield"] = "lua/hubspot/loop/can_yield.lua",
    ["hubspot.loop.cqueues"] = "lua/hubspot/loop/cqueues.lua",
    ["hubspot.loop.frame"] = "lua/hubspot/loop/frame.lua",
    ["hubspot.loop.in_coroutine"] = "lua/hubspot/loop/in_coroutine.lua",
    ["hubspot.loop.luv"] = "lua/hubspot/loop/luv.lua",
    ["hubspot.loop.ngx"] = "lua/hubspot/loop/ngx.lua",
    ["hubspot.loop.plain"] = "lua/hubspot/loop/plain.lua",
    ["hubspot.loop.scheduler"] = "lua/hubspot/loop/scheduler.lua",
    ["hubspot.oauth"] = "lua/hubspot/oauth.lua",
    ["hubspot.operation"] = "lua/hubspot/operation.lua",
    ["hubspot.pager"] = "lua/hubspot/pager.lua",
    ["hubspot.paging"] = "lua/hubspot/paging.lua",
    ["hubspot.resource"] = "lua/hubspot/resource/init.lua",
    ["hubspot.resource.campaigns"] = "lua/hubspot/resource/campaigns.lua",
    ["hubspot.resource.contacts"] = "lua/hubspot/resource/contacts.lua",
    ["hubspot.resource.email_events"] = "lua/hubspot/resource/email_events.lua",
    ["hubspot.resource.lists"] = "lua/hubspot/resource/lists.lua",
    ["hubspot.resource.properties"] = "lua/hubspot/resource/properties.lua",
    ["hubspot.resource.subscriptions"] = "lua/hubspot/resource/subscriptions.lua",
    ["hubspot.resource.timeline"] = "lua/hubspot/resource/timeline.lua",
    ["hubspot.resource.transactional"] = "lua/hubspot/resource/transactional.lua",
    ["hubspot.retry"] = "lua/hubspot/retry.lua",
    ["hubspot.sandbox"] = "lua/hubspot/sandbox/init.lua",
    ["hubspot.sandbox.authorization"] = "lua/hubspot/sandbox/authorization.lua",
    ["hubspot.sandbox.clock"] = "lua/hubspot/sandbox/clock.lua",
    ["hubspot.sandbox.command"] = "lua/hubspot/sandbox/command.lua",
    ["hubspot.sandbox.contact_record"] = "lua/hubspot/sandbox/contact_record.lua",
    ["hubspot.sandbox.contact_search"] = "lua/hubspot/sandbox/contact_search.lua",
    ["hubspot.sandbox.contact_store"] = "lua/hubspot/sandbox/contact_store.lua",
    ["hubspot.sandbox.control"] = "lua/hubspot/sandbox/control.lua",
    ["hubspot.sandbox.default_properties"] = "lua/hubspot/sandbox/default_properties.lua",
    ["hubspot.sandbox.email_store"] = "lua/hubspot/sandbox/email_store.lua",
    ["hubspot.sandbox.fault"] = "lua/hubspot/sandbox/fault.lua",
    ["hubspot.sandbox.http_reader"] = "lua/hubspot/sandbox/http_reader.lua",
    ["hubspot.sandbox.list_filter"] = "lua/hubspot/sandbox/list_filter.lua",
    ["hubspot.sandbox.list_store"] = "lua/hubspot/sandbox/list_store.lua",
    ["hubspot.sandbox.made_up_mail"] = "lua/hubspot/sandbox/made_up_mail.lua",
    ["hubspot.sandbox.oauth"] = "lua/hubspot/sandbox/oauth.lua",
    ["hubspot.sandbox.opaque_offset"] = "lua/hubspot/sandbox/opaque_offset.lua",
    ["hubspot.sandbox.people"] = "lua/hubspot/sandbox/people.lua",
    ["hubspot.sandbox.properties"] = "lua/hubspot/sandbox/properties.lua",
    ["hubspot.sandbox.quota"] = "lua/hubspot/sandbox/quota.lua",
    ["hubspot.sandbox.reply"] = "lua/hubspot/sandbox/reply.lua",
    ["hubspot.sandbox.request"] = "lua/hubspot/sandbox/request.lua",
    ["hubspot.sandbox.route.campaigns_v1"] = "lua/hubspot/sandbox/route/campaigns_v1.lua",
    ["hubspot.sandbox.route.contacts"] = "lua/hubspot/sandbox/route/contacts.lua",
    ["hubspot.sandbox.route.contacts_v1"] = "lua/hubspot/sandbox/route/contacts_v1.lua",
    ["hubspot.sandbox.route.email_events_v1"] = "lua/hubspot/sandbox/route/email_events_v1.lua",
    ["hubspot.sandbox.route.lifecycle_stages_v1"] = "lua/hubspot/sandbox/route/lifecycle_stages_v1.lua",
    ["hubspot.sandbox.route.lists"] = "lua/hubspot/sandbox/route/lists.lua",
    ["hubspot.sandbox.route.lists_v1"] = "lua/hubspot/sandbox/route/lists_v1.lua",
    ["hubspot.sandbox.route.oauth"] = "lua/hubspot/sandbox/route/oauth.lua",
    ["hubspot.sandbox.route.properties"] = "lua/hubspot/sandbox/route/properties.lua",
    ["hubspot.sandbox.route.read_options_v1"] = "lua/hubspot/sandbox/route/read_options_v1.lua",
    ["hubspot.sandbox.route.subscriptions"] = "lua/hubspot/sandbox/route/subscriptions.lua",
    ["hubspot.sandbox.route.subscriptions_v1"] = "lua/hubspot/sandbox/route/subscriptions_v1.lua",
    ["hubspot.sandbox.route.timeline"] = "lua/hubspot/sandbox/route/timeline.lua",
    ["hubspot.sandbox.route.timeline_v1"] = "lua/hubspot/sandbox/route/timeline_v1.lua",
    ["hubspot.sandbox.route.timeline_v3"] = "lua/hubspot/sandbox/route/timeline_v3.lua",
    ["hubspot.sandbox.route.transactional"] = "lua/hubspot/sandbox/route/transactional.lua",
    ["hubspot.sandbox.route.transactional_v1"] = "lua/hubspot/sandbox/route/transactional_v1.lua",
    ["hubspot.sandbox.router"] = "lua/hubspot/sandbox/router.lua",
    ["hubspot.sandbox.server"] = "lua/hubspot/sandbox/server.lua",
    ["hubspot.sandbox.single_send"] = "lua/hubspot/sandbox/single_send.lua",
    ["hubspot.sandbox.single_send_body"] = "lua/hubspot/sandbox/single_send_body.lua",
    ["hubspot.sandbox.smtp_token_store"] = "lua/hubspot/sandbox/smtp_token_store.lua",
    ["hubspot.sandbox.sorted_ids"] = "lua/hubspot/sandbox/sorted_ids.lua",
    ["hubspot.sandbox.subscription_store"] = "lua/hubspot/sandbox/subscription_store.lua",
    ["hubspot.sandbox.time"] = "lua/hubspot/sandbox/time.lua",
    ["hubspot.sandbox.timeline_definition"] = "lua/hubspot/sandbox/timeline_definition.lua",
    ["hubspot.sandbox.timeline_event"] = "lua/hubspot/sandbox/timeline_event.lua",
    ["hubspot.sandbox.timeline_event_body"] = "lua/hubspot/sandbox/timeline_event_body.lua",
    ["hubspot.sandbox.timeline_store"] = "lua/hubspot/sandbox/timeline_store.lua",
    ["hubspot.sandbox.uuid"] = "lua/hubspot/sandbox/uuid.lua",
    ["hubspot.scan"] = "lua/hubspot/scan.lua",
    ["hubspot.shape.dated"] = "lua/hubspot/shape/dated.lua",
    ["hubspot.shape.order"] = "lua/hubspot/shape/order.lua",
    ["hubspot.shape.subscriptions"] = "lua/hubspot/shape/subscriptions.lua",
    ["hubspot.shape.timeline"] = "lua/hubspot/shape/timeline.lua",
    ["hubspot.shape.transactional"] = "lua/hubspot/shape/transactional.lua",
    ["hubspot.shape.v1"] = "lua/hubspot/shape/v1.lua",
    ["hubspot.time"] = "lua/hubspot/time.lua",
    ["hubspot.version"] = "lua/hubspot/version.lua",
  },
  install = {
    bin = { "bin/hubspot" },
  },
  copy_directories = { "doc", "types" },
}

test = {
  type = "command",
  command = "busted --lua=lua5.4",
}
