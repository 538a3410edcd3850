package mata.folder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import mata.problem.Rejected;
import org.junit.jupiter.api.Test;

final class LabelsTest {

    @Test
    void aGapInTheIdsIsAClassWithoutAName() {
        Labels labels = Labels.ofIds(Map.of("0", "N/A", "1", "person", "90", "toothbrush"));

        assertThat(labels.of(0)).isEqualTo("N/A");
        assertThat(labels.of(12)).isEqualTo("class_12");
        assertThat(labels.of(90)).isEqualTo("toothbrush");
        assertThat(labels.count()).isEqualTo(91);
    }

    @Test
    void pythonWritesItsNamesInQuotesOfBothKinds() {
        Labels dict = Labels.ofPython("{0: 'person', 1: \"it's\", 2: 'a \\'b\\'', 10: 'café'}");
        Labels list = Labels.ofPython("['person', 'bicycle',]");

        assertThat(dict.of(0)).isEqualTo("person");
        assertThat(dict.of(1)).isEqualTo("it's");
        assertThat(dict.of(2)).isEqualTo("a 'b'");
        assertThat(dict.of(10)).isEqualTo("café");
        assertThat(dict.count()).isEqualTo(11);
        assertThat(list.of(1)).isEqualTo("bicycle");
    }

    @Test
    void namesThatCannotBeReadAreShown() {
        assertThatThrownBy(() -> Labels.ofPython("{0: open('/etc/passwd')}"))
                .isInstanceOf(Rejected.class)
                .hasMessageContaining("names cannot be read: {0: open(");
        assertThatThrownBy(() -> Labels.ofIds(Map.of("first", "cat"))).hasMessageContaining("first");
    }

    @Test
    void withoutAnyLabelsClassesAreNumbered() {
        assertThat(Labels.NONE.of(3)).isEqualTo("class_3");
        assertThat(Labels.NONE.count()).isZero();
    }
}
