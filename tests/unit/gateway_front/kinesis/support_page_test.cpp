// docs/KINESIS_SUPPORT.md is made from the action table, the golden files and the client suites. After a change of
// these:
//   FOREBAY_WRITE_DOCS=1 build/release/tests/test_gateway_front --gtest_filter='SupportPage.*'
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>

#include "gateway/kinesis/action_table.h"
#include "tests/unit/gateway_front/kinesis/client_suites.h"
#include "tests/unit/gateway_front/kinesis/coverage.h"
#include "tests/unit/gateway_front/kinesis/service_model.h"

namespace forebay::gateway::test {
namespace {

std::string row_of(const std::string& operation, const std::vector<ClientSuite>& suites) {
  const kinesis::Action* action = kinesis::find_action(operation);
  if (action == nullptr) return "| " + operation + " | no: `UnknownOperationException` | | | | |\n";
  const Coverage coverage = coverage_of(operation);
  std::vector<std::string> clients;
  for (const ClientSuite& suite : suites)
    if (suite.calls(operation)) clients.push_back(suite.name);
  return "| " + operation + " | " +
         (action->declined    ? "declined"
          : action->json_only ? "JSON"
                              : "JSON, CBOR") +
         " | " + std::to_string(coverage.cases) + " | " + joined(coverage.errors) + " | " + joined(clients) + " | " +
         std::string(action->difference) + " |\n";
}

std::set<std::string> operations() {
  std::set<std::string> names;
  for (const auto& [name, call] : service_model().items()) names.insert(name);
  for (const kinesis::Action& action : kinesis::action_table()) names.insert(std::string(action.name));
  return names;
}

std::string page() {
  std::string out =
      "# Kinesis Data Streams API: what is served\n\n"
      "Made from the action table, `tests/golden/kinesis_calls/` and `tests/clients/` by\n"
      "`tests/unit/gateway_front/kinesis/support_page_test.cpp`, which fails when this page is out of date.\n\n"
      "- **served**: encodings of requests and answers. *declined*: known, validated, and always answered with the "
      "error\n"
      "  that stands under *differs*. An operation that is not served gives `UnknownOperationException`.\n"
      "- **cases**: calls of the golden file with a written answer; each runs in both encodings. Besides these, every\n"
      "  constraint of every member (`ValidationException`), every wrong type and every body that is no object\n"
      "  (`SerializationException`), and a key without permission (`AccessDeniedException`) are tried on every "
      "operation.\n"
      "- **clients**: suites of `tests/clients/` that make the call with an unmodified client.\n\n"
      "Members this gateway reads over like unknown ones: `StreamId` (reserved) and `RecordDistributionStrategy`. The\n"
      "operations of queues are not served.\n\n"
      "**States.** Every call that changes a stream is done, and durable, when it is answered: a stream is ACTIVE\n"
      "whenever it can be seen and gone (`ResourceNotFoundException`) from the answer of DeleteStream on, so that\n"
      "waiters end at their first look, CREATING, UPDATING and DELETING are never seen, and no call answers\n"
      "`ResourceInUseException` because of them. A consumer is CREATING in the answer of RegisterStreamConsumer and\n"
      "ACTIVE for every call behind it. The files of a deleted stream leave the disk with the next checkpoint.\n\n"
      "| operation | served | cases | errors shown | clients | differs |\n|---|---|---|---|---|---|\n";
  std::vector<ClientSuite> suites = client_suites();
  std::erase_if(suites, [](const ClientSuite& suite) { return suite.is_of_firehose(); });
  for (const std::string& operation : operations()) out += row_of(operation, suites);
  out += "\n## Errors the service lists and this gateway never answers\n\n";
  for (const char* error : {"LimitExceededException", "KMSNotFoundException", "InternalFailureException"})
    out += "- every operation, " +
           std::string(error == std::string("KMSNotFoundException") ? "the six KMS errors" : error) + ": " +
           never_answered(error) + ".\n";
  for (const std::string& operation : operations())
    for (const std::string& never : coverage_of(operation).never) out += "- " + operation + ", " + never + ".\n";
  return out;
}

TEST(SupportPage, IsWhatTheTableAndTheTestsSay) {
  const auto path = std::filesystem::path(__FILE__).parent_path() / "../../../../docs/KINESIS_SUPPORT.md";
  const std::string printed = page();
  if (std::getenv("FOREBAY_WRITE_DOCS") != nullptr) std::ofstream(path, std::ios::binary) << printed;
  std::ifstream in(path, std::ios::binary);
  EXPECT_EQ(std::string((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>()), printed)
      << "write it anew as the first lines of this test say";
}

}  // namespace
}  // namespace forebay::gateway::test
