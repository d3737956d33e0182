"""Groups of widely used artifacts, for archives that say their name but not who publishes it.

Facts of publication, checked against the names in advisories. A trailing `*` stands for a family of artifacts that
only this group publishes.
"""

from collections.abc import Iterator
from functools import lru_cache
from typing import Final

_TEXT: Final = """
antlr: antlr
aopalliance: aopalliance
asm: asm
axis: axis
c3p0: c3p0
cglib: cglib cglib-nodep
ch.qos.logback: logback-*
ch.qos.reload4j: reload4j
classworlds: classworlds
cn.hutool: hutool-*
com.alibaba: druid fastjson
com.alibaba.nacos: nacos-*
com.amazonaws: aws-java-sdk-*
com.caucho: hessian resin
com.fasterxml: classmate
com.fasterxml.jackson.core: jackson-annotations jackson-core jackson-databind
com.fasterxml.jackson.dataformat: jackson-dataformat-*
com.fasterxml.jackson.datatype: jackson-datatype-*
com.fasterxml.jackson.module: jackson-module-*
com.fasterxml.woodstox: woodstox-core
com.github.ben-manes.caffeine: caffeine
com.google.code.findbugs: jsr305
com.google.code.gson: gson
com.google.guava: guava failureaccess listenablefuture
com.google.inject: guice
com.google.oauth-client: google-oauth-client
com.google.protobuf: protobuf-java protobuf-java-util protobuf-javalite
com.graphql-java: graphql-java
com.h2database: h2
com.hazelcast: hazelcast hazelcast-all
com.ibm.icu: icu4j
com.jayway.jsonpath: json-path
com.jcraft: jsch
com.mchange: c3p0 mchange-commons-java
com.github.luben: zstd-jni
com.microsoft.sqlserver: mssql-jdbc
com.mysql: mysql-connector-j
com.nimbusds: nimbus-jose-jwt oauth2-oidc-sdk
com.oracle.database.jdbc: ojdbc*
com.squareup.okhttp3: okhttp okhttp-*
com.squareup.okio: okio okio-jvm
com.squareup.retrofit2: retrofit
com.sun.faces: jsf-api jsf-impl
com.sun.jersey: jersey-json jersey-servlet
com.sun.mail: javax.mail jakarta.mail
com.sun.xml.bind: jaxb-impl jaxb-core
com.thoughtworks.xstream: xstream
com.typesafe: config
com.typesafe.akka: akka-*
com.unboundid: unboundid-ldapsdk
com.zaxxer: HikariCP
commons-beanutils: commons-beanutils commons-beanutils-core
commons-cli: commons-cli
commons-codec: commons-codec
commons-configuration: commons-configuration
commons-collections: commons-collections
commons-dbcp: commons-dbcp
commons-digester: commons-digester
commons-fileupload: commons-fileupload
commons-httpclient: commons-httpclient
commons-io: commons-io
commons-jxpath: commons-jxpath
commons-lang: commons-lang
commons-logging: commons-logging commons-logging-api
commons-net: commons-net
commons-pool: commons-pool
commons-validator: commons-validator
dom4j: dom4j
io.dropwizard.metrics: metrics-*
io.grpc: grpc-*
io.jsonwebtoken: jjwt jjwt-*
io.micrometer: micrometer-*
io.netty: netty-*
io.opentelemetry: opentelemetry-*
io.perfmark: perfmark-*
io.projectreactor: reactor-core
io.projectreactor.netty: reactor-netty-core reactor-netty-http
io.quarkus: quarkus-*
io.reactivex.rxjava2: rxjava
io.swagger: swagger-*
io.undertow: undertow-core undertow-servlet undertow-websockets-jsr
io.vertx: vertx-*
jakarta.annotation: jakarta.annotation-api
jakarta.servlet: jakarta.servlet-api
javax.inject: javax.inject
javax.mail: mail
javax.servlet.jsp: jsp-api
javax.servlet: javax.servlet-api servlet-api jstl
jaxen: jaxen
jdom: jdom
joda-time: joda-time
junit: junit
log4j: log4j
mysql: mysql-connector-java
net.bytebuddy: byte-buddy byte-buddy-agent
net.java.dev.jna: jna jna-platform
net.jpountz.lz4: lz4
net.minidev: json-smart accessors-smart
net.sf.ehcache: ehcache ehcache-core
net.sourceforge.htmlunit: htmlunit
net.sourceforge.nekohtml: nekohtml
org.apache.activemq: activemq-* artemis-*
org.apache.ant: ant ant-launcher
org.apache.avro: avro avro-*
org.apache.axis2: axis2 axis2-*
org.apache.calcite: calcite-core calcite-*
org.apache.camel: camel-*
org.apache.commons: commons-collections4 commons-compress commons-configuration2 commons-csv commons-dbcp2 commons-email commons-exec commons-fileupload2 commons-jexl3 commons-lang3 commons-math3 commons-pool2 commons-text commons-vfs2
org.apache.curator: curator-*
org.apache.cxf: cxf-*
org.apache.derby: derby derbyclient derbynet
org.apache.dubbo: dubbo
org.apache.geronimo.specs: geronimo-*
org.apache.hadoop: hadoop-*
org.apache.hbase: hbase-*
org.apache.hive: hive-*
org.apache.httpcomponents: httpclient httpcore httpmime httpasyncclient httpcore-nio fluent-hc
org.apache.httpcomponents.client5: httpclient5 httpclient5-*
org.apache.httpcomponents.core5: httpcore5 httpcore5-*
org.apache.ivy: ivy
org.apache.kafka: kafka-* kafka_*
org.apache.logging.log4j: log4j-core log4j-api log4j-web log4j-jcl log4j-jul log4j-slf4j-impl log4j-slf4j2-impl log4j-1.2-api log4j-to-slf4j log4j-layout-template-json
org.apache.lucene: lucene-*
org.apache.maven: maven-core maven-artifact maven-model maven-shared-utils
org.apache.mina: mina-core
org.apache.myfaces.core: myfaces-api myfaces-impl
org.apache.pdfbox: pdfbox fontbox
org.apache.poi: poi poi-ooxml poi-scratchpad poi-ooxml-schemas
org.apache.santuario: xmlsec
org.apache.shiro: shiro-*
org.apache.solr: solr-core solr-solrj
org.apache.spark: spark-*
org.apache.sshd: sshd-*
org.apache.struts: struts2-* struts-core
org.apache.thrift: libthrift
org.apache.tika: tika-*
org.apache.tomcat: tomcat-*
org.apache.tomcat.embed: tomcat-embed-*
org.apache.velocity: velocity velocity-engine-core
org.apache.wicket: wicket-*
org.apache.ws.security: wss4j
org.apache.xmlbeans: xmlbeans
org.apache.xmlgraphics: batik-* fop
org.apache.zookeeper: zookeeper zookeeper-jute
org.aspectj: aspectjweaver aspectjrt
org.bouncycastle: bcprov-* bcpkix-* bcpg-* bcutil-* bctls-* bcmail-*
org.bitbucket.b_c: jose4j
org.checkerframework: checker-qual checker-compat-qual
org.codehaus.groovy: groovy groovy-*
org.codehaus.jackson: jackson-jaxrs jackson-xc jackson-core-asl jackson-mapper-asl
org.codehaus.jettison: jettison
org.codehaus.plexus: plexus-utils plexus-archiver
org.dom4j: dom4j
org.eclipse.jetty: jetty-*
org.eclipse.jetty.http2: http2-* jetty-http2-*
org.elasticsearch: elasticsearch elasticsearch-*
org.freemarker: freemarker
org.glassfish.jersey.core: jersey-client jersey-common jersey-server
org.hibernate: hibernate-core hibernate-validator-legacy hibernate-entitymanager
org.hibernate.common: hibernate-commons-annotations
org.hibernate.validator: hibernate-validator
org.hsqldb: hsqldb
org.infinispan: infinispan-*
org.javassist: javassist
org.jboss.resteasy: resteasy-*
org.jboss.xnio: xnio-api xnio-nio
org.jdom: jdom2
org.jetbrains.kotlin: kotlin-*
org.jetbrains.kotlinx: kotlinx-*
org.jolokia: jolokia-*
org.jsoup: jsoup
org.json: json
org.keycloak: keycloak-*
org.liquibase: liquibase-core
org.lz4: lz4-java
org.mariadb.jdbc: mariadb-java-client
org.mongodb: mongodb-driver-* mongo-java-driver bson
org.mozilla: rhino
org.mybatis: mybatis mybatis-spring
org.opensaml: opensaml-*
org.opensearch: opensearch
org.ow2.asm: asm asm-*
org.owasp.esapi: esapi
org.postgresql: postgresql
org.projectlombok: lombok
org.quartz-scheduler: quartz quartz-jobs
org.reactivestreams: reactive-streams
org.scala-lang: scala-library scala-reflect scala-compiler
org.slf4j: slf4j-* jul-to-slf4j jcl-over-slf4j log4j-over-slf4j
org.springframework: spring-aop spring-aspects spring-beans spring-context spring-context-support spring-core spring-expression spring-jcl spring-jdbc spring-jms spring-messaging spring-orm spring-oxm spring-r2dbc spring-test spring-tx spring-web spring-webflux spring-webmvc spring-websocket
org.springframework.amqp: spring-amqp spring-rabbit
org.springframework.boot: spring-boot spring-boot-*
org.springframework.cloud: spring-cloud-*
org.springframework.data: spring-data-*
org.springframework.integration: spring-integration-*
org.springframework.kafka: spring-kafka
org.springframework.security: spring-security-*
org.springframework.session: spring-session-*
org.springframework.ws: spring-ws-* spring-xml
org.thymeleaf: thymeleaf thymeleaf-*
org.webjars: bootstrap jquery swagger-ui
org.xerial: sqlite-jdbc
org.xerial.snappy: snappy-java
org.yaml: snakeyaml
oro: oro
redis.clients: jedis
stax: stax-api
taglibs: standard
xalan: xalan serializer
xerces: xercesImpl
xml-apis: xml-apis
xmlpull: xmlpull
xom: xom
xpp3: xpp3_min
"""


def _entries() -> Iterator[tuple[str, str]]:
    for line in _TEXT.strip().splitlines():
        group, _, artifacts = line.partition(": ")
        for artifact in artifacts.split():
            yield artifact, group


_EXACT: Final = {artifact: group for artifact, group in _entries() if not artifact.endswith("*")}
"""Where two groups publish one name the later line wins: the newer home of the library."""
_FAMILIES: Final = sorted(
    ((artifact[:-1], group) for artifact, group in _entries() if artifact.endswith("*")),
    key=lambda entry: -len(entry[0]),
)
_PRODUCT_NAMES: Final = {"catalina": "tomcat-catalina", "coyote": "tomcat-coyote", "jasper": "tomcat-jasper"}
"""Files of Tomcat's own distribution, which are named without the artifact's prefix."""


@lru_cache(maxsize=4096)
def group_of(artifact: str) -> str:
    """Return the group that publishes an artifact of this name, empty when it is not widely known."""
    found = _EXACT.get(artifact)
    if found is None:
        found = next((group for start, group in _FAMILIES if artifact.startswith(start)), "")
    return found


def published_name(stem: str) -> str:
    """Return the artifact that a product ships under another file name."""
    return _PRODUCT_NAMES.get(stem, stem)
