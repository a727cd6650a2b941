/** Every tool, resource and prompt of a server, by the official TypeScript client.
 *
 * node walk.mjs < what.json   {package, version, transport, mode, address, token, command, env, calls, prompt}
 * It is copied beside the `node_modules` that has the package. One line of JSON comes out.
 */
import { readFileSync } from "node:fs";

const asked = JSON.parse(readFileSync(0, "utf8"));
const isNew = asked.package === "@modelcontextprotocol/client";
const load = (path) => import(`${asked.package}${path}`);
const { Client } = await load(isNew ? "" : "/client/index.js");
const { StreamableHTTPClientTransport } = await load(isNew ? "" : "/client/streamableHttp.js");
const { StdioClientTransport } = await load(isNew ? "/stdio" : "/client/stdio.js");

const transport =
  asked.transport === "http"
    ? new StreamableHTTPClientTransport(new URL(asked.address), {
        requestInit: { headers: { Authorization: `Bearer ${asked.token}` } },
      })
    : new StdioClientTransport({ command: asked.command[0], args: asked.command.slice(1), env: asked.env });
const options = isNew ? { versionNegotiation: { mode: asked.mode } } : {};
const client = new Client({ name: "walk", version: "1" }, options);
await client.connect(transport);
const told = { server: client.getServerVersion()?.name, tools: [], answers: {}, failed: [], took: [] };
told.tools = (await client.listTools()).tools.map((one) => one.name);
for (const name of told.tools) {
  const began = performance.now();
  const answer = await client.callTool({ name, arguments: asked.calls[name] ?? {} });
  told.took.push(performance.now() - began);
  if (answer.isError) told.failed.push([name, answer.content]);
  told.answers[name] = answer.content[0].text;
}
const wrong = await client.callTool({ name: "get_thing", arguments: { thing: "nobody" } });
told.refusal = wrong.isError === true ? wrong.content[0].text : "";
const { resources } = await client.listResources();
told.resources = resources.length;
told.templates = (await client.listResourceTemplates()).resourceTemplates.length;
for (const one of resources.slice(0, 3)) {
  const { contents } = await client.readResource({ uri: one.uri });
  if (!contents[0].text.includes(one.name)) told.failed.push([one.uri, contents]);
}
const { prompts } = await client.listPrompts();
told.prompts = prompts.map((one) => one.name);
for (const one of prompts) {
  const given = Object.fromEntries((one.arguments ?? []).map((each) => [each.name, asked.prompt]));
  const { messages } = await client.getPrompt({ name: one.name, arguments: given });
  if (!messages[0].content.text) told.failed.push([one.name, messages]);
}
await client.close();
process.stdout.write(`${JSON.stringify(told)}\n`);
