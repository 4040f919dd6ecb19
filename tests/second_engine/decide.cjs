// Reads one JSON object a line: {policies, entities, schema, request}. Writes one answer a line.
const cedar = require("@cedar-policy/cedar-wasm/nodejs");
const lines = require("fs").readFileSync(0, "utf8").split("\n").filter((line) => line);
for (const line of lines) {
  const asked = JSON.parse(line);
  const found = cedar.isAuthorized({
    principal: asked.request.principal,
    action: asked.request.action,
    resource: asked.request.resource,
    context: asked.request.context,
    policies: { staticPolicies: asked.policies },
    entities: asked.entities,
    schema: asked.schema,
    validateRequest: true,
  });
  if (found.type !== "success") {
    console.log(JSON.stringify({ failed: found.errors.map((error) => error.message) }));
    continue;
  }
  const { decision, diagnostics } = found.response;
  console.log(JSON.stringify({ decision, reasons: diagnostics.reason.sort(), errors: diagnostics.errors.length }));
}
