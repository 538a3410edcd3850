package mata;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;

/** The walls between packages: ARCHITECTURE.md says them in words, with the reasons. */
@AnalyzeClasses(packages = "mata", importOptions = ImportOption.DoNotIncludeTests.class)
final class ArchitectureTest {

    private static final DescribedPredicate<JavaClass> GENERATED = JavaClass.Predicates.resideInAnyPackage(
                    "mata.reader.wire..", "mata.graph.onnx..")
            .as("generated messages");

    @ArchTest
    static final ArchRule packagesHaveNoCycles =
            slices().matching("mata.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule layersPointDown = layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .layer("entry")
            .definedBy("mata", "mata.cli..")
            .layer("listeners")
            .definedBy("mata.http..")
            .layer("services")
            .definedBy("mata.auth..", "mata.scheduler..", "mata.fleet..", "mata.registry..", "mata.hub..")
            .layer("readers")
            .definedBy("mata.reader..")
            .layer("inference")
            .definedBy("mata.vision..", "mata.engine..", "mata.image..", "mata.track..")
            .whereLayer("entry")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("listeners")
            .mayOnlyBeAccessedByLayers("entry")
            .whereLayer("services")
            .mayOnlyBeAccessedByLayers("entry", "listeners")
            .whereLayer("readers")
            .mayOnlyBeAccessedByLayers("entry", "services")
            .whereLayer("inference")
            .mayOnlyBeAccessedByLayers("entry", "readers");

    @ArchTest
    static final ArchRule theVocabularyKnowsNobodyAbove = noClasses()
            .that()
            .resideInAnyPackage(
                    "mata.task..",
                    "mata.params..",
                    "mata.result..",
                    "mata.problem..",
                    "mata.picture..",
                    "mata.folder..",
                    "mata.safetensors..",
                    "mata.graph..",
                    "mata.config..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "mata.http..",
                    "mata.cli..",
                    "mata.auth..",
                    "mata.scheduler..",
                    "mata.fleet..",
                    "mata.registry..",
                    "mata.hub..",
                    "mata.reader..",
                    "mata.vision..",
                    "mata.image..",
                    "mata.track..");

    @ArchTest
    static final ArchRule servicesPointOneWay = noClasses()
            .that()
            .resideInAnyPackage("mata.registry..", "mata.hub..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("mata.scheduler..", "mata.fleet..");

    @ArchTest
    static final ArchRule theFleetDoesNotKnowTheScheduler = noClasses()
            .that()
            .resideInAPackage("mata.fleet..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("mata.scheduler..");

    @ArchTest
    static final ArchRule onlyTheOrtPackageKnowsOnnxRuntime = noClasses()
            .that()
            .resideOutsideOfPackage("mata.engine.ort..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("ai.onnxruntime..");

    @ArchTest
    static final ArchRule onlyTheEntryPicksAnEngine = noClasses()
            .that()
            .resideOutsideOfPackages("mata", "mata.cli..", "mata.engine.ort..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("mata.engine.ort..");

    @ArchTest
    static final ArchRule openCvStaysInImage = noClasses()
            .that()
            .resideOutsideOfPackage("mata.image..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.bytedeco..");

    @ArchTest
    static final ArchRule theTokenizerLibraryStaysWithTexts = noClasses()
            .that()
            .resideOutsideOfPackage("mata.vision.text..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("ai.djl..");

    @ArchTest
    static final ArchRule webTypesStayInListeners = noClasses()
            .that()
            .resideOutsideOfPackages("mata.http..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.javalin..", "org.eclipse.jetty..", "jakarta.servlet..");

    @ArchTest
    static final ArchRule jsonStaysWhereTextCrossesABorder = noClasses()
            .that()
            .resideOutsideOfPackages(
                    "mata.http..",
                    "mata.registry..",
                    "mata.reader..",
                    "mata.config..",
                    "mata.folder..",
                    "mata.safetensors..",
                    "mata.hub..",
                    "mata.cli..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("com.fasterxml.jackson..");

    @ArchTest
    static final ArchRule commandLineTypesStayInCommands = noClasses()
            .that()
            .resideOutsideOfPackages("mata", "mata.cli..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("picocli..");

    @ArchTest
    static final ArchRule theVocabularyIsSafeToShare = classes()
            .that()
            .resideInAnyPackage("mata.result..", "mata.params..", "mata.problem..", "mata.task..")
            .should(haveOnlyFinalFields());

    @ArchTest
    static final ArchRule nothingStaticChanges = fields().that()
            .areStatic()
            .and()
            .areDeclaredInClassesThat(DescribedPredicate.not(GENERATED))
            .should()
            .beFinal();

    @ArchTest
    static final ArchRule theEnvironmentIsReadInConfig = noClasses()
            .that()
            .resideOutsideOfPackage("mata.config..")
            .should()
            .callMethod(System.class, "getenv")
            .orShould()
            .callMethod(System.class, "getenv", String.class)
            .orShould()
            .callMethod(System.class, "getProperty", String.class)
            .orShould()
            .callMethod(System.class, "getProperty", String.class, String.class);

    @ArchTest
    static final ArchRule timeIsInjectedWhereOrderMatters = noClasses()
            .that()
            .resideInAnyPackage("mata.scheduler..", "mata.fleet..", "mata.reader..")
            .should()
            .callMethod(java.time.Instant.class, "now")
            .orShould()
            .callMethod(System.class, "currentTimeMillis");

    @ArchTest
    static final ArchRule onlyCommandsPrint = noClasses()
            .that()
            .resideOutsideOfPackages("mata.cli..", "mata")
            .should()
            .accessField(System.class, "out")
            .orShould()
            .accessField(System.class, "err");

    private static ArchCondition<JavaClass> haveOnlyFinalFields() {
        return new ArchCondition<>("have only final fields") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                for (JavaField field : type.getFields()) {
                    if (!field.getModifiers().contains(JavaModifier.FINAL)) {
                        events.add(SimpleConditionEvent.violated(field, field.getFullName() + " can change"));
                    }
                }
            }
        };
    }
}
