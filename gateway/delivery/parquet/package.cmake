# The package forebay-parquet; included by cmake/packaging.cmake when the module is built.
list(APPEND CPACK_COMPONENTS_ALL parquet)
forebay_gzip(${packaging}/changelog ${staging}/forebay-parquet/changelog.gz)
forebay_gzip(${CMAKE_CURRENT_LIST_DIR}/forebay-parquet.7 ${staging}/forebay-parquet/forebay-parquet.7.gz)
install(FILES ${staging}/forebay-parquet/changelog.gz ${packaging}/copyright DESTINATION share/doc/forebay-parquet
  COMPONENT parquet)
install(FILES ${staging}/forebay-parquet/forebay-parquet.7.gz DESTINATION share/man/man7 COMPONENT parquet)
install(FILES ${CMAKE_CURRENT_LIST_DIR}/lintian-overrides DESTINATION share/lintian/overrides RENAME forebay-parquet
  COMPONENT parquet)
set(CPACK_DEBIAN_PARQUET_PACKAGE_NAME forebay-parquet)
set(CPACK_DEBIAN_PARQUET_PACKAGE_SECTION net)
set(CPACK_COMPONENT_PARQUET_DESCRIPTION "conversion of delivered records to Parquet for forebay-gateway
Adds a module to the gateway that writes delivered records as Parquet files,
with the libraries of Apache Arrow that it needs.")
# No Debian package has Arrow's libraries, so dpkg-shlibdeps finds nothing to name; they need only these two.
set(CPACK_DEBIAN_PARQUET_PACKAGE_SHLIBDEPS OFF)
set(CPACK_DEBIAN_PARQUET_PACKAGE_DEPENDS "libc6 (>= 2.36), libstdc++6 (>= 12)")
set(CPACK_DEBIAN_PARQUET_PACKAGE_RECOMMENDS "forebay-gateway")
