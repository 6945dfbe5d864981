# Debian packages: forebay-agent, forebay-gateway and forebay (the command). `cpack -G DEB` in the build folder.
set(packaging ${CMAKE_SOURCE_DIR}/packaging)
set(staging ${CMAKE_BINARY_DIR}/packaging)
file(MAKE_DIRECTORY ${staging})
find_program(GZIP gzip REQUIRED)

# gzip -9n: the same bytes from the same text, whenever it is built.
function(forebay_gzip source target)
  get_filename_component(folder ${target} DIRECTORY)
  file(MAKE_DIRECTORY ${folder})
  execute_process(COMMAND ${GZIP} -9nc ${source} OUTPUT_FILE ${target} COMMAND_ERROR_IS_FATAL ANY)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${source})
endfunction()

# forebay_package(COMPONENT PACKAGE SECTION SUMMARY MAN_PAGE)
function(forebay_package component package section summary man)
  string(REGEX MATCH "[0-9]$" chapter ${man})
  forebay_gzip(${packaging}/changelog ${staging}/${package}/changelog.gz)
  forebay_gzip(${packaging}/man/${man} ${staging}/${package}/${man}.gz)
  install(FILES ${staging}/${package}/changelog.gz ${packaging}/copyright DESTINATION share/doc/${package} COMPONENT ${component})
  install(FILES ${staging}/${package}/${man}.gz DESTINATION share/man/man${chapter} COMPONENT ${component})
  string(TOUPPER ${component} upper)
  set(CPACK_DEBIAN_${upper}_PACKAGE_NAME ${package} PARENT_SCOPE)
  set(CPACK_DEBIAN_${upper}_PACKAGE_SECTION ${section} PARENT_SCOPE)
  set(CPACK_COMPONENT_${upper}_DESCRIPTION ${summary} PARENT_SCOPE)
endfunction()

# forebay_service(COMPONENT PACKAGE): unit, configuration and maintainer scripts.
function(forebay_service component package)
  install(FILES ${CMAKE_SOURCE_DIR}/systemd/${package}.service DESTINATION /lib/systemd/system COMPONENT ${component})
  install(FILES ${packaging}/${component}.toml DESTINATION /etc/forebay COMPONENT ${component})
  string(TOUPPER ${component} upper)
  set(scripts ${packaging}/debian/${component})
  set(CPACK_DEBIAN_${upper}_PACKAGE_CONTROL_EXTRA
    "${scripts}/postinst;${scripts}/prerm;${scripts}/postrm;${scripts}/conffiles" PARENT_SCOPE)
endfunction()

set(CPACK_COMPONENTS_ALL)
if(TARGET forebay-agent)
  list(APPEND CPACK_COMPONENTS_ALL agent)
  forebay_package(agent forebay-agent net "edge agent with a durable spool
Follows files, samples sensors and subscribes to MQTT topics, keeps every
record on disk until a Forebay gateway has it, and repeats and loses none." forebay-agent.8)
  forebay_service(agent forebay-agent)
endif()
if(TARGET forebay-gateway)
  list(APPEND CPACK_COMPONENTS_ALL gateway)
  forebay_package(gateway forebay-gateway net "durable streams with the Kinesis API
Keeps sharded streams on disk with retention and replay, and serves them to
agents and to every client of the Kinesis API." forebay-gateway.8)
  forebay_service(gateway forebay-gateway)
  set(CPACK_DEBIAN_GATEWAY_PACKAGE_RECOMMENDS tzdata)  # time zones of delivered objects' names
  set(CPACK_DEBIAN_GATEWAY_PACKAGE_SUGGESTS forebay-parquet)
endif()
if(TARGET forebay)
  list(APPEND CPACK_COMPONENTS_ALL cli)
  forebay_package(cli forebay utils "command line for Forebay streams and spools
Creates, lists and deletes streams, puts and tails records, and inspects the
spool of an agent." forebay.1)
endif()

if(TARGET forebay-parquet)
  include(${CMAKE_SOURCE_DIR}/gateway/delivery/parquet/package.cmake)
endif()

# cpack packs what was built; it does not build the tests first.
set(CMAKE_SKIP_INSTALL_ALL_DEPENDENCY ON)
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME forebay)
set(CPACK_PACKAGE_VENDOR Forebay)
set(CPACK_PACKAGE_CONTACT "Forebay developers <developers@forebay.invalid>")
set(CPACK_PACKAGE_VERSION ${PROJECT_VERSION})
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
if(CMAKE_CROSSCOMPILING)
  # dpkg-shlibdeps finds nothing in a sysroot and says so only in a log: the list is kept by hand and compared with the
  # native one by packaging/check.sh.
  file(STRINGS ${packaging}/depends-agent.txt depends REGEX "^[^#]")
  string(JOIN ", " CPACK_DEBIAN_AGENT_PACKAGE_DEPENDS ${depends})
else()
  set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
endif()
include(CPack)
