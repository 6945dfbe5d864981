#pragma once

#include <stddef.h>
#include <stdint.h>

/// What forebay-parquet.so offers: one table of columns becomes one Parquet file. Plain C, so that the module may be
/// built against any standard library (it links the Arrow libraries of the pyarrow wheel).
extern "C" {

/// Rises with every change below; both sides must have the same.
#define FOREBAY_PARQUET_VERSION 1
/// Name of the function that gives the module, see base/module_loader.h: void* entry(unsigned version)
#define FOREBAY_PARQUET_ENTRY "forebay_parquet_module"

enum forebay_parquet_type {
  FOREBAY_PARQUET_STRING = 0,  ///< UTF-8; values are bytes, offsets say where each begins
  FOREBAY_PARQUET_BINARY = 1,  ///< as string
  FOREBAY_PARQUET_INT8 = 2,
  FOREBAY_PARQUET_INT16 = 3,
  FOREBAY_PARQUET_INT32 = 4,
  FOREBAY_PARQUET_INT64 = 5,
  FOREBAY_PARQUET_FLOAT = 6,
  FOREBAY_PARQUET_DOUBLE = 7,
  FOREBAY_PARQUET_BOOLEAN = 8,    ///< one bit a value, lowest first
  FOREBAY_PARQUET_TIMESTAMP = 9,  ///< int64 microseconds since 1970, UTC
  FOREBAY_PARQUET_DATE = 10,      ///< int32 days since 1970
  FOREBAY_PARQUET_DECIMAL = 11    ///< 16 bytes, little-endian two's complement, times 10^scale
};

struct forebay_parquet_column {
  const char* name;
  uint32_t type;
  int32_t precision;       ///< of a decimal
  int32_t scale;           ///< of a decimal
  const uint8_t* valid;    ///< one bit a row, lowest first; 0: null
  const uint8_t* values;   ///< of every row, also where it is null; aligned for its type
  size_t values_size;      ///< bytes
  const int32_t* offsets;  ///< rows + 1 of them; string and binary only
};

struct forebay_parquet_table {
  const struct forebay_parquet_column* columns;
  size_t column_count;
  size_t row_count;
  const char* compression;  ///< SNAPPY, GZIP, ZSTD or UNCOMPRESSED
};

/// Takes a piece of the file; not zero: it cannot, and writing ends.
typedef int (*forebay_parquet_sink)(void* context, const uint8_t* bytes, size_t size);

struct forebay_parquet_api {
  const char* library;  ///< name and version, for people
  /// Zero: the whole file was given to `sink`, and the same table gives the same bytes. Otherwise `error` holds a text.
  /// Everything in `table` is borrowed. May be called from several threads at once.
  int (*write)(const struct forebay_parquet_table* table, forebay_parquet_sink sink, void* context, char* error,
               size_t error_size);
};

}  // extern "C"
