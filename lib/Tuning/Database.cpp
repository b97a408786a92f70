//===- Database.cpp - Measurements that last ------------------------------===//

#include "amos/Tuning/Database.h"
#include "Statement.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include <cstdlib>

using namespace amos;
using llvm::StringRef;

/// "AMOS": what the header of a file of ours says.
static constexpr int64_t applicationId = 0x414d4f53;
static constexpr int64_t schemaVersion = 1;
/// Milliseconds that a process waits for another one's transaction.
static constexpr int patience = 20000;

static constexpr const char *schema = R"sql(
CREATE TABLE operator (
  fingerprint TEXT PRIMARY KEY, name TEXT NOT NULL, text TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE measurement (
  id TEXT PRIMARY KEY,
  operator TEXT NOT NULL REFERENCES operator,
  machine TEXT NOT NULL, machine_name TEXT NOT NULL,
  device TEXT NOT NULL, driver TEXT NOT NULL, tools TEXT NOT NULL,
  mapping TEXT NOT NULL, schedule TEXT NOT NULL, mapping_id TEXT NOT NULL,
  predicted_cycles INTEGER NOT NULL, lower_bound INTEGER NOT NULL,
  status TEXT NOT NULL, reason TEXT NOT NULL,
  seconds REAL NOT NULL, first_quartile REAL NOT NULL,
  third_quartile REAL NOT NULL, share REAL NOT NULL, samples INTEGER NOT NULL,
  caches TEXT NOT NULL, origin TEXT NOT NULL, date TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX measurement_operator ON measurement(operator, machine, device);
)sql";

/// In the order in which `bind` and `readRow` go through them.
static constexpr StringRef columns =
    "operator, machine, machine_name, device, driver, tools, mapping, "
    "schedule, mapping_id, predicted_cycles, lower_bound, status, reason, "
    "seconds, first_quartile, third_quartile, share, samples, caches, origin, "
    "date";

static constexpr StringRef insertMeasurement =
    "INSERT OR IGNORE INTO measurement VALUES "
    "(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)";

char DatabaseError::ID = 0;

std::error_code DatabaseError::convertToErrorCode() const {
  return std::make_error_code(isRejected ? std::errc::invalid_argument
                                         : std::errc::io_error);
}

//===----------------------------------------------------------------------===//
// Opening
//===----------------------------------------------------------------------===//

void Database::Close::operator()(sqlite3 *connection) const {
  sqlite3_close_v2(connection);
}

Database::~Database() = default;

static llvm::Error name(StringRef path, llvm::Error error) {
  return llvm::handleErrors(
      std::move(error), [&](const DatabaseError &reason) -> llvm::Error {
        return llvm::make_error<DatabaseError>(
            reason.isRejected, ("'" + path + "' " + reason.message()).str());
      });
}

/// Whether the file is one of ours; one without any table is new. One statement
/// asks all: between two, another process may create the tables.
llvm::Error Database::examine(bool &isNew) {
  Statement statement(connection.get(),
                      "SELECT application_id, user_version, "
                      "(SELECT count(*) FROM sqlite_schema) "
                      "FROM pragma_application_id, pragma_user_version");
  int64_t application = 0, version = 0, tables = 0;
  if (statement.step()) {
    application = statement.getInteger(0);
    version = statement.getInteger(1);
    tables = statement.getInteger(2);
  }
  if (llvm::Error error = statement.finish())
    return error;
  isNew = application == 0 && tables == 0;
  if (!isNew && application != applicationId)
    return llvm::make_error<DatabaseError>(true,
                                           "is a database of another program");
  if (version > schemaVersion)
    return llvm::make_error<DatabaseError>(
        true, "was written by a newer amosc (schema " +
                  std::to_string(version) + ", this one knows " +
                  std::to_string(schemaVersion) + ")");
  return llvm::Error::success();
}

llvm::Error Database::transact(llvm::function_ref<llvm::Error()> work) {
  // Immediate: whoever reads first and writes later may have to give up.
  if (llvm::Error error = execute(connection.get(), "BEGIN IMMEDIATE"))
    return error;
  llvm::Error error = work();
  if (!error)
    error = execute(connection.get(), "COMMIT");
  if (error)
    llvm::consumeError(execute(connection.get(), "ROLLBACK"));
  return error;
}

/// Another process may have been faster: it is looked at again.
llvm::Error Database::create() {
  return transact([&]() -> llvm::Error {
    bool isNew = false;
    if (llvm::Error error = examine(isNew); error || !isNew)
      return error;
    std::string header =
        "PRAGMA application_id = " + std::to_string(applicationId) +
        "; PRAGMA user_version = " + std::to_string(schemaVersion);
    if (llvm::Error error = execute(connection.get(), schema))
      return error;
    return execute(connection.get(), header.c_str());
  });
}

/// Readers do not wait for writers. What is committed survives this process;
/// `NORMAL` may lose the last transactions with the machine, never the file.
/// SQLite's own patience does not cover a change of the journal's mode.
static llvm::Error keepLog(sqlite3 *connection) {
  constexpr int nap = 5;
  int code = SQLITE_BUSY;
  for (int waited = 0; waited < patience && (code & 0xff) == SQLITE_BUSY;
       waited += nap) {
    if (waited)
      sqlite3_sleep(nap);
    code = sqlite3_exec(
        connection, "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL",
        nullptr, nullptr, nullptr);
  }
  return code == SQLITE_OK ? llvm::Error::success()
                           : makeError(connection, code);
}

llvm::Error Database::prepare(Mode mode) {
  sqlite3_busy_timeout(connection.get(), patience);
  sqlite3_extended_result_codes(connection.get(), 1);
  bool isNew = false;
  if (llvm::Error error = examine(isNew))
    return error;
  if (mode == Mode::Read)
    return isNew ? llvm::make_error<DatabaseError>(
                       true, "is empty, not a database of amosc")
                 : llvm::Error::success();
  if (isNew)
    if (llvm::Error error = create())
      return error;
  return keepLog(connection.get());
}

/// A folder that nobody may write to has no room for the files beside a
/// database; nothing changes there either.
static std::string getAddress(StringRef path) {
  std::string address = "file:";
  for (char c : path)
    if (c == '?' || c == '#' || c == '%')
      address += "%" + llvm::utohexstr(static_cast<unsigned char>(c));
    else
      address += c;
  StringRef folder = llvm::sys::path::parent_path(path);
  bool isFixed = llvm::sys::fs::access(folder.empty() ? "." : folder,
                                       llvm::sys::fs::AccessMode::Write) &&
                 !llvm::sys::fs::exists(path + "-wal");
  return address + (isFixed ? "?immutable=1" : "");
}

llvm::Expected<Database> Database::open(StringRef path, Mode mode) {
  StringRef folder = llvm::sys::path::parent_path(path);
  if (mode == Mode::Write && !folder.empty())
    if (std::error_code code = llvm::sys::fs::create_directories(folder))
      return llvm::make_error<DatabaseError>(
          false, ("cannot create '" + folder + "': " + code.message()).str());
  int flags = SQLITE_OPEN_URI |
              (mode == Mode::Read ? SQLITE_OPEN_READONLY
                                  : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
  std::string address = getAddress(path);
  sqlite3 *connection = nullptr;
  int code = sqlite3_open_v2(address.c_str(), &connection, flags, nullptr);
  Database database(connection, path);
  llvm::Error error =
      code == SQLITE_OK ? database.prepare(mode) : makeError(connection, code);
  if (error)
    return name(path, std::move(error));
  return std::move(database);
}

//===----------------------------------------------------------------------===//
// Contents
//===----------------------------------------------------------------------===//

static void bind(Statement &statement, const Measurement &m) {
  const Environment &e = m.environment;
  statement.bind(m.op).bind(m.machine).bind(m.machineName);
  statement.bind(e.device).bind(e.driver).bind(e.tools);
  statement.bind(m.mapping).bind(m.schedule).bind(m.mappingId);
  statement.bind(m.predictedCycles).bind(m.lowerBound);
  statement.bind(m.status).bind(m.reason);
  statement.bind(m.seconds).bind(m.firstQuartile).bind(m.thirdQuartile);
  statement.bind(m.share).bind(m.samples);
  statement.bind(m.caches).bind(m.origin).bind(m.date);
}

static Measurement readRow(Statement &statement) {
  Measurement m;
  int column = 0;
  for (std::string *text :
       {&m.op, &m.machine, &m.machineName, &m.environment.device,
        &m.environment.driver, &m.environment.tools, &m.mapping, &m.schedule,
        &m.mappingId})
    *text = statement.getText(column++);
  for (int64_t *number : {&m.predictedCycles, &m.lowerBound})
    *number = statement.getInteger(column++);
  for (std::string *text : {&m.status, &m.reason})
    *text = statement.getText(column++);
  for (double *number :
       {&m.seconds, &m.firstQuartile, &m.thirdQuartile, &m.share})
    *number = statement.getReal(column++);
  m.samples = statement.getInteger(column++);
  for (std::string *text : {&m.caches, &m.origin, &m.date})
    *text = statement.getText(column++);
  return m;
}

llvm::Expected<size_t> Database::add(const MeasurementSet &set) {
  size_t added = 0;
  llvm::Error error = transact([&]() -> llvm::Error {
    Statement known(connection.get(),
                    "INSERT OR IGNORE INTO operator VALUES (?, ?, ?)");
    for (const TunedOperator &op : set.operators) {
      known.bind(op.fingerprint).bind(op.name).bind(op.text).step();
      known.reset();
    }
    if (llvm::Error error = known.finish())
      return error;
    Statement insertion(connection.get(), insertMeasurement);
    for (const Measurement &measurement : set.measurements) {
      std::string id = measurement.getId();
      insertion.bind(id);
      bind(insertion, measurement);
      insertion.step();
      insertion.reset();
      added += static_cast<size_t>(sqlite3_changes(connection.get()));
    }
    return insertion.finish();
  });
  if (error)
    return name(path, std::move(error));
  return added;
}

llvm::Expected<MeasurementSet> Database::read(StringRef prefix) {
  MeasurementSet set;
  std::string pattern = (prefix + "*").str();
  Statement operators(connection.get(),
                      "SELECT fingerprint, name, text FROM operator "
                      "WHERE fingerprint GLOB ? ORDER BY name, fingerprint");
  operators.bind(pattern);
  while (operators.step())
    set.operators.push_back(
        {operators.getText(0), operators.getText(1), operators.getText(2)});
  std::string sql = ("SELECT " + columns +
                     " FROM measurement WHERE operator GLOB ? ORDER BY id")
                        .str();
  Statement measurements(connection.get(), sql);
  measurements.bind(pattern);
  while (measurements.step())
    set.measurements.push_back(readRow(measurements));
  if (llvm::Error error =
          llvm::joinErrors(operators.finish(), measurements.finish()))
    return name(path, std::move(error));
  return set;
}

llvm::Error Database::remove(llvm::ArrayRef<std::string> ids) {
  return name(path, transact([&]() -> llvm::Error {
                Statement statement(connection.get(),
                                    "DELETE FROM measurement WHERE id = ?");
                for (const std::string &id : ids) {
                  statement.bind(id).step();
                  statement.reset();
                }
                if (llvm::Error error = statement.finish())
                  return error;
                return execute(connection.get(),
                               "DELETE FROM operator WHERE fingerprint NOT IN "
                               "(SELECT operator FROM measurement)");
              }));
}

//===----------------------------------------------------------------------===//
// Where it is
//===----------------------------------------------------------------------===//

std::string amos::getDefaultDatabase() {
  llvm::SmallString<128> path;
  const char *data = std::getenv("XDG_DATA_HOME");
  if (data && llvm::sys::path::is_absolute(data))
    path = data;
  else if (const char *home = std::getenv("HOME"); home && *home)
    llvm::sys::path::append(path, home, ".local", "share");
  else
    return {};
  llvm::sys::path::append(path, "amosc", "tuning.db");
  return path.str().str();
}
